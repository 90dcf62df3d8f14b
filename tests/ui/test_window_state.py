"""The window comes back as it was left."""

import msgspec
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication

from phidesk.app import App
from phidesk.core.settings import WindowState
from phidesk.ui.side_panel import SidePanel
from tests.ui.conftest import RunApp, until


def test_size_page_and_list_of_chats_come_back(run_app: RunApp) -> None:
    async def first(app: App) -> None:
        app.start("starter")
        app.window.setGeometry(QRect(10, 20, 790, 560))
        app.window.show_log()
        app.window.chat_pane.side_frame.hide()
        app.remember_window()

    async def second(app: App) -> None:
        app.start("starter")
        assert app.window.size().toTuple() == (790, 560)
        assert app.window.chat_pane.side_frame.isHidden()
        await until(lambda: app.window.log_pane.isVisible())

    run_app(first)
    run_app(second)


def test_a_window_of_a_screen_that_is_gone_is_on_one_that_is_there(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.setGeometry(QRect(9000, 9000, 800, 600))
        gone = app.window.state
        app.window.restore(gone)
        app.window.show()
        screen = QGuiApplication.primaryScreen().availableGeometry()
        assert screen.intersects(app.window.frameGeometry())

    run_app(body)


def test_what_cannot_be_read_is_passed_over(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        size = app.window.size()
        app.settings.window = msgspec.structs.replace(WindowState(), geometry="no", page=99)
        app.start("starter")
        assert app.window.size() == size
        app.window.restore_page(app.settings.window)
        assert app.window.chat_pane.isVisible()

    run_app(body)


def test_the_panel_makes_room_in_a_narrow_window_and_comes_back(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.start("starter")
        panel = app.window.findChild(SidePanel)
        assert panel is not None
        app.window.resize(1280, 800)
        await until(panel.isVisible)
        app.window.resize(800, 600)
        await until(panel.isHidden)
        app.window.toggle_panel()  # for a look
        assert panel.isVisible()
        app.window.toggle_panel()
        assert app.settings.show_panel
        app.window.resize(1280, 800)
        await until(panel.isVisible)

    run_app(body)
