"""A link is opened only after its real address has been shown."""

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from phidesk.ui.link_dialog import LinkDialog, warnings


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://example.org/a?b=1", []),
        ("http://example.org/", ["not encrypted"]),
        ("https://p\u0430ypal.com/", ["“p\u0430ypal.com”"]),
        ("https://xn--pypal-4ve.com/", ["“p\u0430ypal.com”"]),
        ("https://paypal.com:x@evil.org/", ["“paypal.com:x” before the @"]),
        ("https://127.0.0.1/", ["a number"]),
    ],
)
def test_what_could_mislead_is_said(address: str, words: list[str]) -> None:
    found = warnings(QUrl(address))
    assert len(found) == len(words)
    assert all(word in text for word, text in zip(words, found, strict=True))


def test_nothing_is_opened_without_consent(qtbot: QtBot) -> None:
    opened: list[QUrl] = []
    url = QUrl("https://paypal.com@p\u0430ypal.com/\u202ex")
    dialog = LinkDialog(url, None, opened.append)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    assert dialog.host.text() == "xn--pypal-4ve.com"
    shown = dialog.address.text().replace("\u200b", "")
    assert shown == "https://paypal.com@xn--pypal-4ve.com/%E2%80%AEx"
    QTest.keyClick(dialog, Qt.Key.Key_Return)  # Cancel
    assert opened == []
    assert not dialog.isVisible()
    dialog.show()
    copy = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy address")
    copy.click()
    assert QGuiApplication.clipboard().text() == shown
    dialog.open_button.click()
    assert opened == [url]
