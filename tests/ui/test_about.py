"""About phidesk, in the real window."""

from phidesk import __version__
from phidesk.app import App
from phidesk.ui.about_dialog import AboutDialog
from tests.ui.conftest import RunApp, until


def test_every_part_is_named_with_version_and_licence(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.settings_dialogs.show_about()
        dialog = app.window.findChild(AboutDialog)
        assert dialog is not None
        await until(lambda: dialog.list.topLevelItemCount() > 0)
        rows = [dialog.list.topLevelItem(n) for n in range(dialog.list.topLevelItemCount())]
        found = {row.text(0): (row.text(1), row.text(2)) for row in rows if row is not None}
        assert found["phidesk"] == (__version__, "Apache-2.0")
        assert found["msgspec"][1].startswith("BSD")
        assert {"Python", "Qt", "SQLite", "psutil"} <= found.keys()
        dialog.search.setText("msgspec")
        shown = [row for row in rows if row is not None and not row.isHidden()]
        assert [row.text(0) for row in shown] == ["msgspec"]
        dialog.list.setCurrentItem(shown[0])
        assert "Redistribution and use" in dialog.text.toPlainText()
        for name, text in (("phidesk", "Apache License"), ("STIX Two Math", "SIL OPEN FONT")):
            dialog.list.setCurrentItem(next(r for r in rows if r is not None and r.text(0) == name))
            assert text in dialog.text.toPlainText()
        dialog.accept()

    run_app(body)
