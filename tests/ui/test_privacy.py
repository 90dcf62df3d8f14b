"""The shield, the list behind it, and the switch, with a real connection of this process."""

import csv
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from phidesk.app import App
from phidesk.core.settings import SettingsFile
from phidesk.hardware.connections import Role
from phidesk.ui.privacy_dialog import PrivacyDialog
from phidesk.ui.shield import Shield
from phidesk.viewmodels.privacy import Exposure
from tests.ui.conftest import RunApp, until
from tests.unit.hardware.test_connections import own_address


@contextmanager
def _connected() -> Iterator[int]:
    """Connect to this machine's own address; the value is the port."""
    with (
        socket.create_server((own_address(), 0)) as server,
        socket.create_connection(server.getsockname()[:2]),
    ):
        yield server.getsockname()[1]


def _open(app: App) -> PrivacyDialog:
    app.window.show()
    shield = app.window.status.shield
    shield.setFocus()
    QTest.keyClick(shield, Qt.Key.Key_Space)
    dialog = app.window.findChild(PrivacyDialog)
    assert isinstance(dialog, PrivacyDialog)
    return dialog


def _icon(shield: Shield) -> bytes:
    return bytes(shield.icon().pixmap(16, 16).toImage().constBits())


def test_a_connection_reaches_shield_list_and_export(run_app: RunApp, tmp_path: Path) -> None:
    async def body(app: App) -> None:
        app.privacy.start()
        dialog = _open(app)
        since = f"{app.privacy.started:%H:%M}"
        assert dialog.headline.text() == f"No connection since the start at {since}"
        shield = app.window.status.shield
        green = _icon(shield)
        assert shield.text() == "0"
        with _connected() as port:
            await until(lambda: shield.text() == "1")
        assert app.privacy.exposure is Exposure.UNEXPECTED
        assert _icon(shield) != green
        assert shield.accessibleName() == f"Connections beyond this machine since {since}: 1"
        assert dialog.headline.text() == f"1 connection since the start at {since}"
        item = dialog.list.topLevelItem(0)
        assert item is not None
        assert item.text(1).startswith("Window (process ")
        assert item.text(2) == own_address()
        assert item.text(3) == str(port)

        dialog.save(tmp_path / "a.csv")
        (row,) = csv.DictReader((tmp_path / "a.csv").read_text("utf-8").splitlines())
        assert (row["address"], row["port"], row["role"]) == (own_address(), str(port), "window")
        dialog.save(tmp_path / "a.json")
        told = json.loads((tmp_path / "a.json").read_text("utf-8"))
        assert told["connections"][0]["port"] == port
        assert told["connections"][0]["first_seen"] > told["started"]
        dialog.save(tmp_path / "none" / "a.json")
        dialog.accept()

    run_app(body)


def test_a_download_alone_is_no_alarm(run_app: RunApp, monkeypatch: pytest.MonkeyPatch) -> None:
    async def body(app: App) -> None:
        monkeypatch.setattr(app.privacy._watch, "_role_of", lambda _process: Role.DOWNLOAD)
        app.privacy.start()
        with _connected():
            await until(lambda: app.window.status.shield.text() == "1")
        assert app.privacy.exposure is Exposure.EXPECTED

    run_app(body)


def test_what_cannot_be_looked_at_is_no_proof(
    run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(_process: psutil.Process, kind: str = "inet") -> list[object]:
        raise RuntimeError("error while parsing /proc/net/tcp")

    monkeypatch.setattr("phidesk.hardware.connections._sockets_of", lambda _pid: None)
    monkeypatch.setattr(psutil.Process, "net_connections", stumble)

    async def body(app: App) -> None:
        shield = app.window.status.shield
        green = _icon(shield)
        dialog = _open(app)
        app.privacy.start()
        await until(lambda: shield.text() == "0 or more")
        assert app.privacy.exposure is Exposure.UNKNOWN
        assert _icon(shield) != green
        assert dialog.headline.text().startswith("No connection was seen since")
        assert "lets nobody look at" in dialog._alarm_text()
        dialog.accept()

    run_app(body)


def test_offline_is_switched_shown_and_kept(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        dialog = _open(app)
        assert not dialog.offline.isChecked()
        QTest.keyClick(dialog.offline, Qt.Key.Key_Space)
        assert app.settings.offline
        assert app.window.status.shield.text() == "Offline · 0"
        assert app.window.status.shield.accessibleName().endswith("(offline)")
        assert SettingsFile().load().offline
        QTest.keyClick(dialog.offline, Qt.Key.Key_Space)
        assert not SettingsFile().load().offline
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: app.window.findChild(PrivacyDialog) is None)

    run_app(body)


def test_settings_that_cannot_be_read_are_told(run_app: RunApp, user_folders: Path) -> None:
    path = user_folders / "config" / "phidesk" / "settings.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{cut")

    async def body(app: App) -> None:
        assert app.privacy.offline
        assert "Your settings cannot be read" in app.window.banner.text

    run_app(body)
