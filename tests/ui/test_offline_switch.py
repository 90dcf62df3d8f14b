"""The switch is one, wherever it is shown."""

from phidesk.app import App
from tests.ui.conftest import RunApp


def test_both_places_show_the_same(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        told: list[bool] = []
        app.get_models.settings_changed.connect(lambda: told.append(app.get_models.offline))
        app.privacy.set_offline(True)
        assert app.get_models.offline
        app.get_models.set_offline(False)
        assert not app.privacy.offline
        assert told == [True, False]
        assert not app.settings_file.load().offline

    run_app(body)
