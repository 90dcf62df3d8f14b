"""The context's meter, and what happens when a chat fills it, with one token a word."""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from phidesk.app import App
from phidesk.core.context import Overflow
from phidesk.core.conversation import MessageState
from phidesk.core.engines import EngineName
from phidesk.viewmodels.context_meter import Fullness
from phidesk.viewmodels.engine_session import EngineState
from phidesk.viewmodels.load_request import LoadRequest
from phidesk.viewmodels.thread_model import ThreadRole
from phidesk.worker.engines.fake import AnswerScript
from tests.ui.conftest import RunApp, until
from tests.ui.test_main_window import scripted

SYSTEM = 1 + 5  # a message, and the words of the default system prompt


async def load(app: App, most: int) -> None:
    app.window.show()
    app.session.load(LoadRequest(scripted(), EngineName.LLAMACPP, most))
    await until(lambda: app.session.state is EngineState.READY)
    assert app.meter.most == most


async def say(app: App, text: str) -> None:
    app.chat.send(text)
    await until(lambda: not app.chat.is_busy)


def test_the_meter_counts_as_one_types(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app, 100)
        composer, status = app.window.chat_pane.composer, app.window.status.context
        QTest.keyClicks(composer.input, "one two three")
        await until(lambda: app.meter.used == SYSTEM + 1 + 3)
        assert status.text() == "context 10 / 100"
        app.draft.add_text("a.txt", "word " * 66)  # with its fence and name four more
        await until(lambda: app.meter.used == SYSTEM + 1 + 3 + 66 + 4)
        assert app.meter.fullness is Fullness.NEARLY
        assert status.property("role") == "warning"
        composer.input.insertPlainText(" four" * 20)
        await until(lambda: app.meter.used == 100)
        assert status.property("role") == "danger"
        assert "full" in status.text()

    run_app(body)


def test_beside_another_answer_a_chat_shows_its_own_tokens(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app, 5000)
        for text in ("long " * 500, "short "):
            app.chat.new_conversation()
            script = AnswerScript(deltas=400, interval_s=0.05, text=text)
            app.chat.send(msgspec.json.encode(script).decode())
        await until(lambda: app.session.stats is not None and app.session.stats.running == 2)
        await until(lambda: app.gauges.context_used > 500)
        await until(lambda: app.meter.used is not None)
        assert app.chat.is_busy
        assert app.meter.shown(app.gauges.context_used) < 100
        app.session.eject()

    run_app(body)


def test_a_full_chat_asks_and_leaves_whole_turns_out(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app, 100)
        thread = app.chat.current.thread
        for word in ("red", "blue"):
            await say(app, f"{word} " * 20)  # and the answer repeats it
        pane = app.window.chat_pane
        pane.composer.input.setPlainText("green " * 20)
        await until(lambda: app.meter.fullness is Fullness.FULL)
        assert "of 100 tokens" in pane.overflow.text
        QTest.keyClick(pane.composer.input, Qt.Key.Key_Return)
        assert thread.rowCount() == 4  # nothing was sent, nothing is lost
        assert pane.composer.input.toPlainText() == "green " * 20
        pane.overflow.for_all.setChecked(True)
        pane.overflow.drop.click()
        assert app.settings_file.load().overflow is Overflow.DROP
        QTest.keyClick(pane.composer.input, Qt.Key.Key_Return)
        await until(lambda: not app.chat.is_busy)
        last = thread.entry(-1)
        assert last.state is MessageState.DONE
        assert last.result is not None
        assert last.result.prompt_tokens == SYSTEM + 3 + 60  # blue twice, green once
        unseen = [thread.data(thread.index(n), ThreadRole.UNSEEN) for n in range(6)]
        assert unseen == [True, True, False, False, False, False]
        documents = pane.thread_view._documents
        assert "no longer seen" in documents.source(1).note
        dividers = [documents.source(row).divider for row in range(6)]
        assert dividers == ["", "", "The model no longer sees what is above", "", "", ""]
        await until(lambda: "no longer sees the oldest" in pane.overflow.text)

    run_app(body)


def test_the_model_sums_up_and_the_choice_of_a_chat_is_kept(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app, 300)
        chat = app.chat.current
        app.context.choose(chat.id, Overflow.SUMMARIZE)
        for word in ("red", "blue", "green"):
            await say(app, f"{word} " * 55)
        cut = app.chat_options.of(chat.id).cut
        assert cut is not None
        assert cut.turns == 2  # such a long summary leaves no room for one more
        assert cut.summary.startswith("Sum up the conversation")  # the engine repeats its question
        assert "User: blue blue" in cut.summary
        shown = app.context.shown(*app.chat.prompt())
        assert shown[0].content.endswith(cut.summary)
        assert all("blue blue" not in message.content for message in shown[1:])
        assert app.settings.overflow is Overflow.ASK  # only for this chat
        documents = app.window.chat_pane.thread_view._documents
        assert documents.source(4).divider == "The model sees a summary of what is above"
        app.chat.edit(chat.tree.path()[1].id, "other words")  # the model did not leave this out
        assert not any(documents.source(row).divider for row in range(6))

    run_app(body)


def test_a_message_that_never_fits_is_stored_and_says_so(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app, 100)
        await say(app, "word " * 200)  # before the meter could have counted it
        thread = app.chat.current.thread
        assert thread.entry(0).text == "word " * 200
        assert thread.entry(1).state is MessageState.FAILED
        assert "alone has 207 tokens" in thread.entry(1).error
        assert "the context holds 100" in thread.entry(1).error
        app.context.choose(app.chat.current.id, Overflow.DROP)
        app.chat.regenerate()
        await until(lambda: not app.chat.is_busy)
        assert "The last message alone has 207 tokens" in thread.entry(1).error

    run_app(body)


def test_a_message_too_long_alone_offers_a_longer_context(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app, 100)
        pane, bar = app.window.chat_pane, app.window.chat_pane.overflow
        await say(app, "red " * 20)
        app.context.choose(app.chat.current.id, Overflow.DROP)
        pane.composer.input.setPlainText("green " * 200)
        await until(lambda: app.meter.alone == SYSTEM + 1 + 200)
        assert "alone has 207 tokens, the context holds 100" in bar.text
        assert bar.drop.isHidden()
        assert bar.change.isHidden()
        QTest.keyClick(pane.composer.input, Qt.Key.Key_Return)
        assert app.chat.current.thread.rowCount() == 2  # nothing was sent, nothing is lost
        bar.shorten.click()
        assert pane.composer.input.hasFocus()
        assert bar.longer.text() == "Load with a context of 1,024 tokens"
        bar.longer.click()
        await until(lambda: app.session.state is EngineState.READY and app.meter.most == 1024)
        await until(bar.isHidden)
        QTest.keyClick(pane.composer.input, Qt.Key.Key_Return)
        await until(lambda: not app.chat.is_busy)
        assert app.chat.current.thread.entry(-1).state is MessageState.DONE

    run_app(body)
