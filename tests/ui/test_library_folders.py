"""Folders that were added can be taken off the list again."""

from collections.abc import Callable
from pathlib import Path

from phidesk.app import App
from tests.ui.conftest import RunApp, until


def test_a_folder_is_added_and_taken_off(
    run_app: RunApp, tmp_path: Path, gguf_bytes: Callable[..., bytes]
) -> None:
    (tmp_path / "tiny.gguf").write_bytes(gguf_bytes())

    async def body(app: App) -> None:
        app.models.start("starter")
        app.models.add_folder(str(tmp_path))
        await until(lambda: app.models.find(str(tmp_path / "tiny.gguf")) is not None)
        (action,) = app.window.models_pane.folder_menu().actions()
        assert str(tmp_path) in action.text()
        action.trigger()
        await until(lambda: app.models.find(str(tmp_path / "tiny.gguf")) is None)
        assert app.settings_file.load().folders == []
        (none,) = app.window.models_pane.folder_menu().actions()
        assert not none.isEnabled()

    run_app(body)
