"""The list of chats, and what can be done with messages, in the window."""

import asyncio
import time
from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu

from phidesk.app import App
from phidesk.core.chat import GenerationResult, Role, StopReason
from phidesk.core.conversation import ChatInfo, ChatMessage, Folder, MessageState, SearchHit
from phidesk.ui.chats.edit_dialog import EditDialog
from phidesk.ui.chats.rows import RowKind, arrange
from phidesk.ui.chats.view import ChatListView
from phidesk.ui.thread.offers import Act
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.conversation import Conversation
from phidesk.viewmodels.keeper import NoKeeper
from phidesk.worker.engines.fake import AnswerScript
from tests.ui.conftest import RunApp, until
from tests.ui.test_main_window import load, say

LEFT = Qt.MouseButton.LeftButton
DAY = 86_400
CONTROL = Qt.KeyboardModifier.ControlModifier


def add(chat: ChatViewModel, title: str, **info: object) -> Conversation:
    """A chat in which something was said."""
    question = ChatMessage(parent=None, role=Role.USER, text=title)
    answer = ChatMessage(
        parent=question.id,
        role=Role.ASSISTANT,
        text=f"About {title}",
        result=GenerationResult(
            prompt_tokens=1, completion_tokens=1, stop_reason=StopReason.LENGTH
        ),
    )
    return chat.open(ChatInfo(title=title, **info), [question, answer])  # type: ignore[arg-type]


def words(view: ChatListView) -> list[str]:
    return [view.shown.words(row) for row in view.shown.rows]


def place(view: ChatListView, text: str) -> QModelIndex:
    return view.shown.index(words(view).index(text))


def chat_text(app: App) -> str:
    return app.chat.current.thread.entry(-1).text


async def loaded(app: App) -> None:
    """Load, to the last task: QTest turns the event loop itself, and a task would miss its turn."""
    await load(app)
    await until(lambda: len(app.session._tasks) <= 1)


def click(view: ChatListView, text: str) -> None:
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(place(view, text)).center())


def menu_of(view: ChatListView, text: str) -> QMenu:
    row = view.shown.rows[place(view, text).row()]
    return view.actions_offered.menu(row, view.rename)


def trigger(menu: QMenu, *names: str) -> None:
    *path, last = names
    for name in path:
        action = next(a for a in menu.actions() if a.text() == name)
        submenu = action.menu()
        assert isinstance(submenu, QMenu)
        menu = submenu
    next(a for a in menu.actions() if a.text() == last).trigger()


def test_pins_come_first_then_folders_then_dates() -> None:
    now = 1_780_000_000.0
    today = date.fromtimestamp(now)
    work, home = Folder(name="Work"), Folder(name="Home", position=1)

    def made(title: str, days: float, **info: object) -> Conversation:
        updated = now - days * DAY
        return Conversation(
            ChatInfo(title=title, updated=updated, **info),  # type: ignore[arg-type]
            is_loaded=False,
        )

    chats = [
        made("month", 40), made("old", 20), made("week", 3), made("yesterday", 1), made("new", 0),
        made("pinned", 90, is_pinned=True, folder=work.id), made("inside", 5, folder=work.id),
        made("hidden", 5, folder=home.id), made("stray", 0, folder="gone"), Conversation(),
    ]  # fmt: skip
    rows = arrange(chats, [work, home], frozenset({home.id}), today)
    shown = [
        row.text or (row.chat.title if row.chat else row.folder.name if row.folder else "")
        for row in rows
    ]
    assert shown[:-2] == [
        "Pinned", "pinned", "Folders", "Work", "inside", "Home",
        "Today", "", "new", "stray", "Yesterday", "yesterday", "Previous 7 days", "week",
        "Previous 30 days", "old",
    ]  # fmt: skip
    assert [row.count for row in rows if row.kind is RowKind.FOLDER] == [1, 1]
    assert rows[1].folder is work
    above = made("above", 1, is_pinned=True, folder=work.id)
    empty = arrange([above], [work, home], frozenset(), today)
    assert [row.text for row in empty if row.kind is RowKind.NOTE] == [
        "Its chats are pinned above", "Empty: drag chats here",
    ]  # fmt: skip


def test_chats_are_chosen_renamed_moved_and_deleted(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        chat, view = app.chat, app.window.chat_pane.side.list
        app.window.show()
        one, two = add(chat, "One"), add(chat, "Two")
        await until(lambda: "Two" in words(view))
        click(view, "One")
        assert chat.current is one
        QTest.keyClick(app.window.chat_pane.composer.input, Qt.Key.Key_F2)
        field = view.viewport().findChild(QLineEdit)
        assert field is not None
        QTest.keyClicks(field, "First & best")
        two.change(updated=time.time() + 5)  # what comes meanwhile does not end the typing
        await asyncio.sleep(0.02)
        QTest.keyClick(field, Qt.Key.Key_Return)
        await until(lambda: "First & best" in words(view))
        assert one.info.is_titled
        await until(app.window.chat_pane.composer.input.hasFocus)
        frame, writing = app.window.chat_pane.side_frame, app.window.chat_pane.composer.input
        frame.hide()
        QTest.keyClick(writing, Qt.Key.Key_F2)
        assert frame.isVisible()
        name = view.viewport().findChild(QLineEdit)
        assert name is not None
        QTest.keyClick(name, Qt.Key.Key_Escape)
        await until(frame.isHidden)
        chat.new_conversation()
        QTest.keyClick(writing, Qt.Key.Key_F2)
        assert frame.isHidden()
        frame.show()
        chat.select(one)
        trigger(menu_of(view, "Two"), "Pin")
        await until(lambda: words(view)[:2] == ["Pinned", "Two"])
        folder = chat.list.add_folder("Work")
        assert folder is not None
        trigger(menu_of(view, "First & best"), "Move to folder", "Work")
        await until(lambda: words(view)[3:5] == ["Work", "First & best"])
        click(view, "Work")
        assert "First & best" not in words(view)
        # A chat that is dragged to a folder goes into it, to a date out of it.
        data = view.shown.mimeData([place(view, "Two")])
        move = Qt.DropAction.MoveAction
        view.shown.dropMimeData(data, move, -1, -1, place(view, "Work"))
        assert (two.info.folder, two.info.is_pinned) == (folder.id, False)
        await until(lambda: words(view)[:2] == ["Folders", "Work"])
        view.shown.dropMimeData(data, move, -1, -1, place(view, "Today"))
        await until(lambda: "Two" in words(view))
        assert two.info.folder is None
        click(view, "Two")
        message = app.window.chat_pane.composer.input
        QTest.keyClicks(message, "two words")
        QTest.keyClick(message, Qt.Key.Key_Home)
        QTest.keyClick(message, Qt.Key.Key_Delete, CONTROL)  # a word of the text, no more
        assert message.toPlainText() == "words"
        assert two in chat.conversations
        QTest.keyClick(message, Qt.Key.Key_Delete, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        bar = app.window.chat_pane.undo_bar
        await until(bar.isVisible)
        assert two not in chat.conversations
        QTest.mouseClick(bar.button, LEFT)
        assert chat.current is two
        assert not bar.isVisible()

    run_app(body)


class _Finder(NoKeeper):
    """Finds one place."""

    hits: Sequence[SearchHit] = ()

    async def search(self, _words: str) -> Sequence[SearchHit]:
        return self.hits


def test_ctrl_k_searches_and_enter_goes_to_the_place(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.show()
        finder = app.chat.keeper = _Finder()
        found = add(app.chat, "Rivers")
        add(app.chat, "Lakes")
        message = found.tree.leaf
        hit = SearchHit(
            chat=found.id,
            message=message,
            role=Role.ASSISTANT,
            created=datetime(2021, 3, 8, 12).timestamp(),
            snippet="About Rivers",
            marks=((6, 12),),
        )
        finder.hits = [hit]
        side = app.window.chat_pane.side
        await until(app.window.isActiveWindow)
        QTest.keyClick(app.window, Qt.Key.Key_K, CONTROL)
        await until(side.field.hasFocus)
        QTest.keyClicks(side.field, "river")
        await until(side.hits.isVisible)
        assert side.hits.model().index(0, 0).data() == ("Rivers, Answer · 8 Mar 2021: About Rivers")
        assert not side.hits.grab().isNull()
        QTest.keyClick(side.field, Qt.Key.Key_Return)
        assert app.chat.current is found
        pane = app.window.chat_pane
        finding = pane.thread_view._finding
        await until(lambda: finding.bar.count.text() == "2 of 2")  # the first is the question's
        mark = pane.thread_view._scene.current_mark
        assert mark is not None
        assert (mark.row, mark.start, mark.length) == (1, 6, 5)
        assert pane.composer.input.hasFocus()
        app.chat.new_conversation()
        app.chat.select(found)
        assert not finding.bar.isVisible()  # what was found belongs to the search alone
        side.field.setFocus()
        QTest.keyClick(side.field, Qt.Key.Key_Down)
        QTest.keyClick(side.hits, Qt.Key.Key_Escape)
        assert side.list.isVisible()
        finder.hits = ()
        side.field.setText("none")
        await until(lambda: not side.hits.isVisible() and not side.list.isVisible())
        QTest.keyClick(side.field, Qt.Key.Key_Escape)
        assert side.list.isVisible()
        assert side.field.text() == ""

    run_app(body)


def test_versions_are_switched_by_key_and_by_click(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await loaded(app)
        chat = app.chat
        chat.send("hello")
        await until(lambda: not chat.is_busy)
        first = chat.current.thread.entry(1).id
        QTest.keyClick(app.window, Qt.Key.Key_R, CONTROL)
        await until(lambda: not chat.is_busy)
        thread, composer = chat.current.thread, app.window.chat_pane.composer
        assert thread.entry(1).version == (2, 2)
        QTest.keyClick(composer.input, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert thread.entry(1).id == first
        view = app.window.chat_pane.thread_view
        index = view.model().index(1, 0)
        view.grab()
        parts = view._delegate.footer(index, view.visualRect(index))
        assert [part.text for part in parts] == ["‹", "1/2", "›"]
        QTest.mouseClick(view.viewport(), LEFT, pos=parts[0].rect.center())  # there is none before
        assert thread.entry(1).id == first
        QTest.mouseClick(view.viewport(), LEFT, pos=parts[2].rect.center())
        assert thread.entry(1).version == (2, 2)

    run_app(body)


def test_the_buttons_below_a_message(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await loaded(app)
        chat = app.chat
        chat.select(add(chat, "Rivers"))
        view = app.window.chat_pane.thread_view
        await until(lambda: view.isVisible() and view.height() > 300)
        rect = view.visualRect(view.model().index(0, 0))
        QTest.mouseMove(view.viewport(), rect.center())
        await until(view.bar.isVisible)
        assert not view.bar.button(Act.CONTINUE).isVisible()
        QTest.mouseMove(view.viewport(), view.visualRect(view.model().index(1, 0)).center())
        assert view.bar.button(Act.CONTINUE).isVisible()  # the limit of its length ended it
        QTest.mouseClick(view.bar.button(Act.COPY), LEFT)
        assert QGuiApplication.clipboard().text() == "About Rivers"
        QTest.mouseClick(view.bar.button(Act.CONTINUE), LEFT)
        await until(lambda: not chat.is_busy)
        assert chat.current.thread.entry(1).text == "About RiversRivers"
        QTest.keyClick(app.window, Qt.Key.Key_E, CONTROL)
        dialog = app.window.findChild(EditDialog)
        assert dialog is not None
        assert dialog.text == "Rivers"
        pasted = QMimeData()
        pasted.setText("x" * 1_000_000)
        dialog.field.insertFromMimeData(pasted)
        assert dialog.text == "Rivers"
        assert "1,000,000 characters are too many" in dialog.hint.text()
        dialog.field.clear()
        pasted.setText("Lakes")
        dialog.field.insertFromMimeData(pasted)
        dialog.accept()
        await until(lambda: not chat.is_busy)
        assert chat.current.thread.entry(0).version == (2, 2)
        assert chat.current.thread.entry(1).text == "Lakes"
        menu = view.menu_at(QPoint(300, view.viewport().height() - 1))
        names = [action.text() for action in menu.actions() if action.text()]
        assert names[:4] == ["Copy message", "Edit…", "Answer again", "Branch into a new chat"]
        trigger(menu, "Delete from here on")
        assert chat.current.thread.rowCount() == 1

    run_app(body)


def test_an_answer_is_kept_while_it_streams(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        kept: list[ChatMessage] = []

        class Noting(NoKeeper):
            def keep_message(self, chat_id: str, message: ChatMessage) -> None:
                if message.state is MessageState.STREAMING:
                    kept.append(message)

        app.chat.answers.keeper = Noting()
        await load(app)
        app.chat.send(say(AnswerScript(deltas=10_000, interval_s=0.01)))
        await until(lambda: bool(kept))
        assert kept[0].text.startswith("word word word")  # not at each piece
        assert chat_text(app).startswith(kept[0].text)
        app.chat.stop()
        await until(lambda: not app.chat.is_busy)

    run_app(body)


def test_each_chat_has_its_own_draft(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await loaded(app)
        app.chat.send("hello")
        await until(lambda: not app.chat.is_busy)
        field = app.window.chat_pane.composer.input
        first = app.chat.current
        field.setPlainText("for the first")
        app.chat.new_conversation()
        assert field.toPlainText() == ""
        field.setPlainText("for the second")
        app.chat.select(first)
        assert field.toPlainText() == "for the first"

    run_app(body)
