"""The input: long pastes, files, prompts with variables, and what the model then reads."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from phidesk.app import App
from phidesk.core.conversation import MessageState
from phidesk.ui.chats.undo_bar import UndoBar
from phidesk.ui.prompt_dialog import PromptDialog, VariablesDialog
from phidesk.ui.widgets import IconButton
from phidesk.viewmodels.context_meter import Fullness
from phidesk.worker.engines.fake import AnswerScript
from tests.ui.conftest import RunApp, until
from tests.ui.test_main_window import load, say
from tests.unit.client.test_attachments import write_pdf


def test_long_pastes_and_files_are_attached_and_sent(run_app: RunApp, tmp_path: Path) -> None:
    async def body(app: App) -> None:
        await load(app)
        composer, draft = app.window.chat_pane.composer, app.draft
        pasted = QMimeData()
        pasted.setText("x" * 5_000_000)
        composer.input.insertFromMimeData(pasted)
        assert composer.input.document().isEmpty()
        assert [len(attachment.text) for attachment in draft.attachments] == [5_000_000]
        pasted.setText("short\ttext")
        composer.input.insertFromMimeData(pasted)
        assert composer.input.toPlainText() == "short\ttext"

        write_pdf(tmp_path / "slow.pdf", "Local models")
        (tmp_path / "notes.md").write_text("three plain words")
        (tmp_path / "photo.jpg").write_bytes(bytes(range(256)))
        dropped = QMimeData()
        files = ("slow.pdf", "notes.md", "photo.jpg", "gone.txt")
        dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in files])
        said: list[str] = []
        draft.failed.connect(said.append)
        composer.input.insertFromMimeData(dropped)
        await until(lambda: len(said) == 1 and not draft.reading)
        no_text, gone = said[0].splitlines()
        assert "“photo.jpg” is no text" in no_text
        assert "“gone.txt” cannot be read" in gone
        assert app.window.banner.text == said[0]
        await until(lambda: [known.tokens for known in draft.attachments] == [None, 2, 3])

        removes = composer.chips.findChildren(IconButton)
        names = [b.accessibleName() for b in removes if not b.isHidden()]
        assert names == ["Remove Pasted text.txt", "Remove slow.pdf", "Remove notes.md"]
        draft.remove(1)
        removes = composer.chips.findChildren(IconButton)
        first = next(b for b in removes if b.accessibleName() == names[0] and not b.isHidden())
        first.setFocus()
        QTest.keyClick(first, Qt.Key.Key_Space)
        assert [known.name for known in draft.attachments] == ["notes.md"]
        await until(lambda: app.meter.fullness is Fullness.FINE)  # what is too long is not sent

        QTest.keyClick(composer.input, Qt.Key.Key_Return)
        await until(lambda: not app.chat.is_busy)
        assert draft.attachments == ()
        thread = app.chat.current.thread
        assert thread.entry(0).text == "short\ttext"
        read = "File “notes.md”:\n```markdown\nthree plain words\n```\n\nshort\ttext"
        assert thread.entry(1).text == read  # the scripted engine repeats what it was told
        view = app.window.chat_pane.thread_view
        assert view._documents.source(0).note == "📎 notes.md (3 tokens)"

    run_app(body)


def test_what_is_too_long_for_the_input_is_attached(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        composer, draft = app.window.chat_pane.composer, app.draft
        for text in ("x" * 160_000, "a line\n" * 4_000):
            composer.insert(text)
            composer.put_back(text, draft.attachments)
        assert composer.input.document().isEmpty()
        names = ["Prompt.txt", "Message.txt", "Prompt (2).txt", "Message (2).txt"]
        assert [known.name for known in draft.attachments] == names
        draft.put(())
        paragraph = "short enough " * 150
        composer.insert(paragraph)
        pasted = QMimeData()
        pasted.setText(paragraph)
        for _ in range(6):  # together they would be one long paragraph
            composer.input.insertFromMimeData(pasted)
        written = composer.input.toPlainText()
        assert len(written) < 8_000
        attached = [known.text for known in draft.attachments]
        assert written + "".join(attached) == paragraph * 7

    run_app(body)


def test_a_prompt_with_variables_is_filled_in(
    run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(form: VariablesDialog) -> int:
        assert list(form.fields) == ["language"]
        form.fields["language"].setText("中文")
        return VariablesDialog.DialogCode.Accepted.value

    monkeypatch.setattr(VariablesDialog, "exec", fill)

    async def body(app: App) -> None:
        app.window.show()
        composer = app.window.chat_pane.composer
        QTest.keyClicks(composer.input, "/")
        dialog = app.window.findChild(PromptDialog)
        assert dialog is not None
        dialog.new.click()
        dialog.name.setText("Translate")
        dialog.text.setPlainText("Say in {{language}}: ")
        dialog.save.click()
        dialog.new.click()
        dialog.name.setText("Other")
        dialog.text.setPlainText("Other words")
        dialog.save.click()
        dialog.delete.click()
        assert dialog.list.count() == 1
        dialog.text.appendPlainText("edited meanwhile")
        bar = dialog.findChild(UndoBar)
        assert bar is not None
        await until(bar.isVisible)
        bar.button.click()
        assert dialog.list.count() == 2
        assert dialog.text.toPlainText().endswith("edited meanwhile")
        dialog.search.setText("other")
        assert dialog.text.toPlainText() == "Other words"
        dialog.search.setText("tran")
        assert [dialog.list.item(n).text() for n in range(dialog.list.count())] == ["Translate"]
        QTest.keyClick(dialog.search, Qt.Key.Key_Return)
        await until(lambda: composer.input.toPlainText() == "Say in 中文: ")
        QTest.keyClicks(composer.input, "/")
        assert composer.input.toPlainText() == "Say in 中文: /"  # only an empty input asks
        assert QApplication.activeModalWidget() is None

    run_app(body)


def test_a_message_that_waits_keeps_its_attachments(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.show()
        app.draft.add_text("a.txt", "what is attached")
        composer = app.window.chat_pane.composer
        assert composer.button.isEnabled()  # a file alone can be sent
        composer.button.click()
        thread = app.chat.current.thread
        assert thread.entry(1).state is MessageState.WAITING
        assert app.chat.current.title == "a.txt"
        await load(app)
        await until(lambda: thread.entry(1).state is MessageState.DONE)
        assert "what is attached" in thread.entry(1).text

    run_app(body)


def test_each_file_that_cannot_be_attached_is_told(run_app: RunApp, tmp_path: Path) -> None:
    async def body(app: App) -> None:
        for name in ("one.bin", "two.bin"):
            (tmp_path / name).write_bytes(b"\0\1\2" * 100)
        told: list[str] = []
        app.draft.failed.connect(told.append)
        app.draft.add_files([tmp_path / "one.bin", tmp_path / "two.bin"])
        await until(lambda: bool(told))
        assert "one.bin" in told[0]
        assert "two.bin" in told[0]
        assert len(told) == 1

    run_app(body)


def test_enter_while_an_answer_streams_sends_once_that_is_finished(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        app.window.show()
        composer, thread = app.window.chat_pane.composer, app.chat.current.thread
        app.chat.send(say(AnswerScript(deltas=20, interval_s=0.02)))
        QTest.keyClicks(composer.input, "say: next")
        QTest.keyClick(composer.input, Qt.Key.Key_Return)
        assert composer._line.isVisible()
        assert composer.input.toPlainText() == "say: next"
        await until(lambda: thread.rowCount() == 4 and not app.chat.is_busy)
        assert thread.entry(2).text == "say: next"
        assert composer.input.toPlainText() == ""
        assert not composer._line.isVisible()

        def write_on() -> None:
            QTest.keyClicks(composer.input, "!")

        for hold_back, words in ((write_on, ""), (app.chat.stop, "Not sent")):
            composer.input.clear()
            app.chat.send(say(AnswerScript(deltas=20, interval_s=0.02)))
            QTest.keyClicks(composer.input, "say: later")
            QTest.keyClick(composer.input, Qt.Key.Key_Return)
            hold_back()
            await until(lambda: not app.chat.is_busy)
            assert composer._line.text().startswith(words)
            assert composer._line.isVisible() is bool(words)
            assert composer.input.toPlainText().startswith("say: later")
        assert thread.rowCount() == 8

    run_app(body)


def test_what_waits_is_sent_in_its_own_chat_and_only_after_the_answer_shown(
    run_app: RunApp,
) -> None:
    async def body(app: App) -> None:
        await load(app)
        app.window.show()
        composer = app.window.chat_pane.composer
        slow = say(AnswerScript(deltas=20, interval_s=0.02))

        def wait_with(text: str) -> None:
            QTest.keyClicks(composer.input, text)
            QTest.keyClick(composer.input, Qt.Key.Key_Return)

        app.chat.send(slow)
        first = app.chat.current
        wait_with("say: next")
        app.chat.new_conversation()
        QTest.keyClicks(composer.input, "of another chat")
        await until(lambda: first.thread.rowCount() == 4 and not app.chat.is_answering(first))
        assert first.thread.entry(2).text == "say: next"
        assert composer.input.toPlainText() == "of another chat"
        assert app.keeper.draft(first.id) == ("", ()) == first.draft

        app.chat.select(first)
        assert composer.input.toPlainText() == ""
        app.chat.send(slow)
        wait_with("say: there and back")
        app.chat.new_conversation()
        app.chat.select(first)
        assert composer._line.text().startswith("Sent once")
        await until(lambda: first.thread.rowCount() == 8 and not app.chat.is_busy)
        assert first.thread.entry(6).text == "say: there and back"
        assert composer.input.toPlainText() == ""

        app.chat.send(slow)
        await until(lambda: not app.chat.is_busy)
        app.chat.regenerate()
        wait_with("say: held back")
        app.chat.choose_version(-1)
        assert composer._line.text().startswith("Not sent")
        await until(lambda: not app.chat.is_busy)
        assert first.thread.rowCount() == 10
        assert composer.input.toPlainText() == "say: held back"

    run_app(body)
