"""The dialogs of the window, each made when it is asked for."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtWidgets import QWidget

from phidesk.ui.shortcuts import Shortcuts
from phidesk.ui.theme import Look
from phidesk.ui.widgets import Banner
from phidesk.ui.window_keys import fixed_keys, own_keys
from phidesk.viewmodels.privacy import PrivacyViewModel
from phidesk.viewmodels.words import in_words

if TYPE_CHECKING:
    from phidesk.ui.chats.exchange import ExchangeDialogs
    from phidesk.viewmodels.chat_exchange import ChatExchange
    from phidesk.viewmodels.conversation import Conversation
    from phidesk.viewmodels.trust import TrustViewModel


class WindowDialogs(QObject):
    """Opens what stands in front of the window."""

    def __init__(
        self,
        window: QWidget,
        banner: Banner,
        shortcuts: Shortcuts,
        privacy: PrivacyViewModel,
        trust: "Callable[[], TrustViewModel]",
        exchange: "Callable[[], ChatExchange]",
        look: Look,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._banner = banner
        self._shortcuts = shortcuts
        self._privacy = privacy
        self._trust = trust
        self._exchange = exchange
        self._look = look

    def show_shortcuts(self) -> None:
        """Show the keyboard shortcuts, and let them be changed."""
        from phidesk.ui.shortcuts_dialog import ShortcutsDialog

        dialog = ShortcutsDialog(self._shortcuts, fixed_keys(self), own_keys(self), self._window)
        dialog.open()

    def show_privacy(self) -> None:
        """Show the connections that there were."""
        from phidesk.ui.privacy_dialog import PrivacyDialog

        PrivacyDialog(self._privacy, self._trust(), self._look, self._window).open()

    def show_link(self, url: QUrl) -> None:
        """Ask before a link is opened."""
        from phidesk.ui.link_dialog import LinkDialog

        LinkDialog(url, self._window).open()

    @cached_property
    def exchange_dialogs(self) -> "ExchangeDialogs":
        """The dialogs of import and export, made when they are first asked for."""
        from phidesk.ui.chats.exchange import ExchangeDialogs

        exchange = self._exchange()
        exchange.done.connect(self._banner.show_info)
        exchange.failed.connect(self._banner.show_error)
        return ExchangeDialogs(exchange, self._window)

    def import_chats(self) -> None:
        """Bring chats in from files."""
        self.exchange_dialogs.import_chats()

    def export_chats(self, chats: "list[Conversation]") -> None:
        """Write chats to a file."""
        self.exchange_dialogs.export_chats(chats)

    def show_crash(self, report: str) -> None:
        """Show what the last window left."""
        from phidesk.ui.crash_dialog import CrashDialog

        CrashDialog(report, self._window).open()

    def ask_to_lose(self, why: str, leave: Callable[[], None]) -> None:
        """Ask whether the window is to be closed though words would be lost."""
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Not saved"))
        box.setText(self.tr("What was last said is not saved, and would be lost."))
        box.setInformativeText(in_words(why))
        stay = box.addButton(self.tr("Keep open"), QMessageBox.ButtonRole.RejectRole)
        close = box.addButton(self.tr("Close and lose it"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        close.clicked.connect(leave)
        box.open()
