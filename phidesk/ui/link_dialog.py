"""Asks before a link is opened, and shows where it really leads."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, scaled
from phidesk.ui.widgets import label

_LONGEST = 1500
_WIDTH = 520


def real_host(url: QUrl) -> str:
    """Return the host as it is looked up: letters from other scripts as punycode."""
    return url.host(QUrl.ComponentFormattingOption.FullyEncoded)


def warnings(url: QUrl) -> list[str]:
    """Return in words what about an address could mislead."""
    found = []
    host = real_host(url)
    if "xn--" in host:
        shown = ".".join(_decoded(part) for part in host.split("."))
        words = QCoreApplication.translate(
            "LinkDialog",
            "It is written {0}, with letters from another alphabet: a look-alike, perhaps.",
        )
        found.append(words.format(f"“{shown}”"))
    if url.userInfo():
        name = url.userInfo(QUrl.ComponentFormattingOption.FullyEncoded)
        words = QCoreApplication.translate(
            "LinkDialog", "{0} before the @ is a login name; it is not where the link leads."
        )
        found.append(words.format(f"“{name[:200]}”"))
    if url.scheme() == "http":
        found.append(
            QCoreApplication.translate("LinkDialog", "The connection is not encrypted (http).")
        )
    if host.replace(".", "").isdigit() or ":" in host:
        found.append(
            QCoreApplication.translate("LinkDialog", "The address is a number, without a name.")
        )
    return found


def _decoded(part: str) -> str:
    try:
        return part.encode().decode("idna")
    except UnicodeError:
        return part


class LinkDialog(QDialog):
    """Says no by default: Cancel is what Enter and Escape do."""

    def __init__(
        self,
        url: QUrl,
        parent: QWidget | None,
        opener: Callable[[QUrl], object] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(parent)
        self._url, self._opener = url, opener
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Open a link"))
        self.setMinimumWidth(scaled(_WIDTH))
        self.host = label(real_host(url) or self.tr("(no host)"), "title", wrap=True)
        self.host.setAccessibleName(self.tr("Where the link leads"))
        address = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        shown = address if len(address) <= _LONGEST else address[:_LONGEST] + "…"
        # A label breaks lines at spaces alone, an address has none.
        self.address = label("\u200b".join(shown), "muted", wrap=True)
        self.address.setAccessibleName(shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(label(self.tr("This link leads to")))
        column.addWidget(self.host)
        column.addWidget(self.address)
        self.warnings = warnings(url)
        for text in self.warnings:
            column.addWidget(label(text, "danger", wrap=True))
        column.addSpacing(SPACE_S)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        copy = QPushButton(self.tr("Copy address"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(address))
        self.open_button = QPushButton(self.tr("Open in browser"))
        self.open_button.setAutoDefault(False)
        self.open_button.clicked.connect(self._on_open)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setDefault(True)
        cancel.clicked.connect(self.reject)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(self.open_button)
        row.addWidget(cancel)
        column.addLayout(row)

    def _on_open(self) -> None:
        self.accept()
        self._opener(self._url)
