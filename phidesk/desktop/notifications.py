"""Notifications of the desktop, for whoever looks at something else."""

import sys
from threading import Thread

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSystemTrayIcon

from phidesk.ui.icons import app_icon

_NAME = "org.freedesktop.Notifications"


class Notifier(QObject):
    """Shows a notification where the desktop has such a thing."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tray: QSystemTrayIcon | None = None

    def notify(self, title: str, text: str) -> None:
        """Tell the user something; returns at once."""
        if sys.platform == "linux":
            Thread(target=_notify, args=(title, text), daemon=True).start()
        elif QSystemTrayIcon.isSystemTrayAvailable():
            if self._tray is None:
                self._tray = QSystemTrayIcon(app_icon(), self)
                self._tray.messageClicked.connect(self._tray.hide)
            self._tray.show()
            self._tray.showMessage(title, text)


def _notify(title: str, text: str) -> None:
    from html import escape

    from jeepney import DBusAddress

    from phidesk.desktop.bus import NoServiceError, call

    # https://specifications.freedesktop.org/notification-spec/latest/protocol.html
    address = DBusAddress("/org/freedesktop/Notifications", bus_name=_NAME, interface=_NAME)
    actions: list[str] = []
    hints = {"desktop-entry": ("s", "phidesk")}
    body = ("phidesk", 0, "phidesk", title, escape(text, quote=False), actions, hints, -1)
    try:
        call("SESSION", address, "Notify", "susssasa{sv}i", body)
    except NoServiceError:  # a desktop without notifications is none to complain about
        return
