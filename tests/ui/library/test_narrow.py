"""The panes of models in a narrow window, with the side panel open."""

import pytest

from phidesk.app import App
from tests.ui.conftest import RunApp, until


@pytest.mark.parametrize("pane", ["models", "get_models"])
def test_nothing_is_cut_off_in_a_narrow_window(run_app: RunApp, pane: str) -> None:
    async def body(app: App) -> None:
        app.models.start("starter")
        app.window.show()
        app.window.resize(1000, 640)
        getattr(app.window, f"show_{pane}")()
        app.models.rescan()
        await until(lambda: not app.models.is_scanning)
        shown = getattr(app.window, f"{pane}_pane")
        await until(lambda: shown.isVisible())
        assert shown.minimumSizeHint().width() <= shown.width()
        assert (
            app.window.models_pane.hint.minimumSizeHint().width() < 300
        )  # only the starter is there
        assert app.window.model_bar.minimumSizeHint().width() <= shown.width()
        area = app.window.models_pane.details.area
        inside = area.widget()
        assert inside is not None
        assert inside.width() <= area.viewport().width()

    run_app(body)
