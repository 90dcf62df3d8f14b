"""The panes of models in a narrow window, with the side panel open."""

from pathlib import Path

import pytest

from phidesk.app import App
from phidesk.viewmodels.library import Column
from tests.ui.conftest import RunApp, until
from tests.ui.library.test_library import MakeFile, choose, opened


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


def test_a_long_name_leaves_all_in_its_place(
    run_app: RunApp, tmp_path: Path, gguf_bytes: MakeFile
) -> None:
    name = "Meta_Llama_3.1_8B_Instruct_abliterated_v2_" + "x" * 80
    (tmp_path / f"{name}.gguf").write_bytes(gguf_bytes())

    async def body(app: App) -> None:
        app.window.resize(1000, 700)
        pane = await opened(app, tmp_path)
        choose(app, name)
        area = pane.details.area
        inside = area.widget()
        assert inside is not None
        await until(lambda: inside.width() == area.viewport().width())
        assert pane.details.more.geometry().right() < inside.width()
        assert pane.details.form.context.slider.width() > 100
        assert pane.table.shown_columns() == [Column.NAME, Column.FIT]
        app.window.show_chat()
        empty, banner = app.window.chat_pane.empty, app.window.banner
        await until(lambda: empty.minimumSizeHint().width() <= empty.width())
        for button in empty.buttons:
            assert button.width() >= button.sizeHint().width()
        banner.show_error(f"{name[:40]} says no.", "", [("What was found…", print), ("Go", print)])
        await until(lambda: banner.minimumSizeHint().width() < 500)
        app.window.resize(1280, 800)
        await until(lambda: banner.actions_offered[0].y() < banner.height() // 4)  # beside again

    run_app(body)
