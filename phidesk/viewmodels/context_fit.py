"""Makes conversations fit the model's context, as the user chose."""

import asyncio

import msgspec
from PySide6.QtCore import QObject, Signal

from phidesk.client.interface import WorkerGoneError
from phidesk.core import context
from phidesk.core.chat import Message, SamplingParams
from phidesk.core.context import Cut, Overflow
from phidesk.core.settings import Settings, SettingsFile
from phidesk.protocol.events import Cancelled, Failed, Finished
from phidesk.viewmodels.chat_options import ChatOptionsViewModel
from phidesk.viewmodels.engine_session import EngineSession
from phidesk.viewmodels.saving import saving_problem

_SUMMARY_TEMPERATURE = 0.3


class ContextFullError(Exception):
    """A conversation does not fit, and nothing may be left out; the message is for a person."""


class ContextFit(QObject):
    """Drops or sums up the oldest turns of a chat, and remembers what was left out."""

    cut_changed = Signal(str)
    """the id of a chat of which the model sees more or less than before"""
    choice_changed = Signal(str)
    """the id of a chat whose overflow is handled in another way"""
    summarizing_changed = Signal()
    failed = Signal(str)

    def __init__(
        self,
        session: EngineSession,
        options: ChatOptionsViewModel,
        settings: Settings,
        settings_file: SettingsFile,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._options = options
        self._settings = settings
        self._settings_file = settings_file
        self._counted: tuple[tuple[Message, ...], int, object] | None = None
        self._running: set[str] = set()

    @property
    def is_summarizing(self) -> bool:
        """Whether the model sums up a conversation now."""
        return bool(self._running)

    @property
    def most(self) -> int:
        """Tokens that the loaded model's context holds; 0 without a model."""
        return self._session.loaded.context_length if self._session.loaded else 0

    def choice(self, chat: str) -> Overflow:
        """Return what happens to a chat that no longer fits."""
        return self._options.of(chat).overflow or self._settings.overflow

    def choose(self, chat: str, choice: Overflow, *, for_all: bool = False) -> None:
        """Say what happens to a chat that no longer fits, and to all that say nothing."""
        options = msgspec.structs.replace(self._options.of(chat), overflow=choice)
        self._options.put(chat, options)
        if for_all and self._settings.overflow is not choice:
            self._settings.overflow = choice
            if problem := saving_problem(self._settings_file, self._settings):
                self.failed.emit(problem)
        self.choice_changed.emit(chat)

    def cut(self, chat: str, messages: tuple[Message, ...]) -> Cut | None:
        """Return what the model no longer sees of a chat, if that still holds."""
        known = self._options.of(chat).cut
        return known if known is not None and context.holds(known, messages) else None

    def shown(self, chat: str, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """Return the conversation without what was left out earlier."""
        known = self.cut(chat, messages)
        return messages if known is None else context.without(messages, known)

    async def tokens(self, messages: tuple[Message, ...]) -> int | None:
        """Return how many tokens the prompt has; the last count is remembered."""
        known, loaded = self._counted, self._session.loaded
        if known is not None and known[2] is loaded and known[0] == messages:
            return known[1]
        if huge := context.surely_too_long(messages, self.most):
            return huge
        found = await self._session.count(messages)
        if found is None:
            return None
        self._counted = (messages, found.prompt, loaded)
        return found.prompt

    async def too_long_alone(self, messages: tuple[Message, ...]) -> int | None:
        """Return how many tokens the last turn has where it does not fit without any other."""
        head, turns = context.turns_of(messages)
        last = (*head, *turns[-1]) if turns else ()
        if not last or not self.most or context.surely_fits(last, self.most):
            return None
        if len(turns) == 1:
            used = await self.tokens(messages)
        elif huge := context.surely_too_long(last, self.most):
            used = huge
        else:
            counted = await self._session.count(last)
            used = counted.prompt if counted is not None else None
        return used if used is not None and used >= self.most else None

    def longer_context(self, tokens: int) -> int | None:
        """Return a context for so many tokens; None where the loaded model can have none."""
        request = self._session.request
        known = request.model.context_length if request is not None else None
        return context.context_for(tokens, known)

    async def fit(
        self, chat: str, messages: tuple[Message, ...], sampling: SamplingParams
    ) -> tuple[Message, ...]:
        """Return what is to be sent for a conversation; raises ContextFullError."""
        shown, most = self.shown(chat, messages), self.most
        room = context.answer_room(most, sampling.max_tokens)
        if not most or context.surely_fits(shown, most - room):
            return shown
        used = await self.tokens(shown)
        choice = self.choice(chat)
        leaves_out = choice in (Overflow.DROP, Overflow.SUMMARIZE)
        if used is None or used + (room if leaves_out else 1) <= most:
            return shown
        if alone := await self.too_long_alone(messages):
            raise self._last_too_long(alone)
        if not leaves_out:
            words = self.tr(
                "The conversation has {0} tokens, the context holds {1}. Choose above the input "
                "what is to be left out, or load the model with a longer context."
            )
            raise ContextFullError(words.format(f"{used:,}", f"{most:,}"))
        return await self._leave_out(
            chat, messages, room, with_summary=choice is Overflow.SUMMARIZE
        )

    async def _leave_out(
        self, chat: str, messages: tuple[Message, ...], room: int, *, with_summary: bool
    ) -> tuple[Message, ...]:
        most = self.most
        _, turns = context.turns_of(messages)
        if huge := context.surely_too_long(turns[-1], most):
            raise self._last_too_long(huge)
        texts = tuple("\n".join(message.content for message in turn) for turn in turns)
        counted = await self._session.count(messages, texts)
        if counted is None:
            return messages
        gone = context.turns_to_leave_out(counted.texts, counted.prompt, most)
        before = self.cut(chat, messages)
        while True:
            summary = await self._summary(messages, gone, before) if with_summary and gone else ""
            made = context.cut(messages, gone, summary)
            sent = context.without(messages, made) if gone else messages
            used = await self.tokens(sent)
            if used is None or used + room <= most or (used < most and gone == len(turns) - 1):
                break
            if gone >= len(turns) - 1:
                raise self._last_too_long(used)
            gone += 1
        if gone:
            options = msgspec.structs.replace(self._options.of(chat), cut=made)
            self._options.put(chat, options)
            self.cut_changed.emit(chat)
        return sent

    def _last_too_long(self, used: int) -> ContextFullError:
        words = self.tr(
            "The last message alone has {0} tokens with the system prompt, the context holds {1}. "
            "Shorten it, or load the model with a longer context."
        )
        return ContextFullError(words.format(f"{used:,}", f"{self.most:,}"))

    async def _summary(self, messages: tuple[Message, ...], turns: int, earlier: Cut | None) -> str:
        """Have the model sum up the oldest turns, as many of them as it can read at once."""
        most = self.most
        limit = context.summary_tokens(most)
        skipped = 0
        while True:
            request = context.summary_request(messages, turns, earlier, skipped)
            counted = await self._session.count(request)
            if counted is None or counted.prompt + limit <= most or skipped >= turns:
                break
            skipped += max(1, (turns - skipped) // 2)
        if counted is None or counted.prompt + limit > most:
            return earlier.summary if earlier is not None else ""
        sampling = SamplingParams(temperature=_SUMMARY_TEMPERATURE, max_tokens=limit)
        return await self._generate(request, sampling)

    async def _generate(self, request: tuple[Message, ...], sampling: SamplingParams) -> str:
        ended: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        parts: list[str] = []
        try:
            job = self._session.generate(request, sampling)
        except WorkerGoneError:
            return ""

        def on_text(job_id: str, text: str) -> None:
            if job_id == job:
                parts.append(text)

        def on_end(event: Finished | Cancelled | Failed) -> None:
            if event.job_id == job and not ended.done():
                ended.set_result(isinstance(event, Finished))

        self._session.text_received.connect(on_text)
        self._session.job_ended.connect(on_end)
        self._running.add(job)
        self.summarizing_changed.emit()
        try:
            is_whole = await ended
        except asyncio.CancelledError:
            self._session.cancel(job)
            raise
        finally:
            self._session.text_received.disconnect(on_text)
            self._session.job_ended.disconnect(on_end)
            self._running.discard(job)
            self.summarizing_changed.emit()
        if not is_whole:
            words = self.tr("The summary of the oldest messages was broken off: nothing was sent.")
            raise ContextFullError(words)
        return "".join(parts).strip()
