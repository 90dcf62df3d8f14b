"""A conversation view with a model behind it."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from phidesk.ui.theme import LIGHT
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ThreadModel


@pytest.fixture
def model(qapp: QApplication) -> ThreadModel:
    return ThreadModel()


@pytest.fixture
def view(qtbot: QtBot, model: ThreadModel) -> Iterator[ThreadView]:
    view = ThreadView(LIGHT)
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.setModel(model)
    view.show()
    qtbot.waitExposed(view)
    QGuiApplication.clipboard().clear()
    yield view
    view.close()
