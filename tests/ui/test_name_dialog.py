"""The dialog that asks for a name."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from phidesk.ui.name_dialog import NameDialog


def test_a_long_name_is_not_cut(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    name = "😀" * 150
    assert NameDialog("Rename", "Name", "Rename", name, parent).field.text() == name
    assert NameDialog("Rename", "Name", "Rename", "", parent).field.maxLength() == 120
