"""The answers that wait for the model, and those that it writes."""

import asyncio
import time

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.core.chat import GenerationResult, Message, Structure
from phidesk.core.conversation import MessageState
from phidesk.protocol.events import Cancelled, Failed, Finished
from phidesk.viewmodels.chat_options import ChatOptionsViewModel
from phidesk.viewmodels.context_fit import ContextFit, ContextFullError
from phidesk.viewmodels.conversation import Conversation
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.keeper import Keeper

_KEEP_MS = 1000


class Answer(msgspec.Struct, eq=False):
    """A message that the model writes, or goes on with; is_new: text came that is not kept yet."""

    conversation: Conversation
    message_id: str
    continues: bool
    is_new: bool = False


class Answers(QObject):
    """Starts answers once the model is ready and their questions are kept; routes the text."""

    changed = Signal(object)
    """the Conversation: an answer of it begins to wait, or has ended"""
    ended = Signal(object)
    """the Answer, which is whole or broken off"""
    model_needed = Signal()

    def __init__(
        self,
        session: EngineSession,
        keeper: Keeper,
        context: ContextFit,
        options: ChatOptionsViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._context = context
        self._options = options
        self._fitting: dict[Answer, asyncio.Task[None]] = {}
        self.keeper = keeper
        self._waiting: list[Answer] = []
        self._running: dict[str, Answer] = {}
        self._starting: asyncio.Task[None] | None = None
        self._keep_timer = QTimer(self, interval=_KEEP_MS)
        self._keep_timer.timeout.connect(self._on_keep_timeout)
        session.text_received.connect(self._on_text_received)
        session.job_ended.connect(self._on_job_ended)
        session.state_changed.connect(self._on_state_changed)

    @property
    def is_idle(self) -> bool:
        """Whether the user waits for no answer."""
        return not self._all()

    def is_answering(self, conversation: Conversation) -> bool:
        """Whether an answer of a chat is written, or waits to be."""
        return any(a.conversation is conversation for a in self._all())

    def writes(self, message_id: str) -> bool:
        """Whether this message is being written, or waits to be."""
        return any(answer.message_id == message_id for answer in self._all())

    def ask(self, conversation: Conversation, message_id: str) -> None:
        """Have the model write a message, or go on with what is there of it."""
        continues = bool(conversation.tree.get(message_id).text)
        conversation.begin(message_id)
        self._waiting.append(Answer(conversation, message_id, continues))
        self.keeper.keep_message(conversation.id, conversation.now(message_id))
        self.changed.emit(conversation)
        if self._session.state is EngineState.READY:
            self._start_waiting()
        elif self._session.state in (EngineState.EMPTY, EngineState.FAILED):
            self.model_needed.emit()

    def stop(self, conversation: Conversation) -> None:
        """Stop a chat's answer; what is there stays."""
        for job_id, answer in list(self._running.items()):
            if answer.conversation is conversation:
                self._session.cancel(job_id)
        for answer in [a for a in self._waiting if a.conversation is conversation]:
            self._waiting.remove(answer)
            self._end(answer, MessageState.STOPPED)
        for answer in [a for a in self._fitting if a.conversation is conversation]:
            self._fitting.pop(answer).cancel()
            self._end(answer, MessageState.STOPPED)

    def drop(self, conversation: Conversation) -> None:
        """Stop a chat's answer without waiting for its last words: the chat or it goes."""
        for job_id, answer in list(self._running.items()):
            if answer.conversation is conversation:
                del self._running[job_id]
                self._session.cancel(job_id)
                self._end(answer, MessageState.STOPPED)
        self.stop(conversation)

    async def shut_down(self) -> None:
        """Keep what is there of the answers; the window is closing."""
        self._keep_timer.stop()
        self._on_keep_timeout()
        tasks = [*self._fitting.values(), *([self._starting] if self._starting else ())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _all(self) -> list[Answer]:
        return [*self._waiting, *self._fitting, *self._running.values()]

    def _start_waiting(self) -> None:
        if self._starting is None or self._starting.done():
            self._starting = asyncio.ensure_future(self._start_all())

    async def _start_all(self) -> None:
        while self._waiting and self._session.can_generate:
            kept = list(self._waiting)
            await self.keeper.flush()  # nothing is generated for a question that could be lost
            for answer in kept:
                # It may have been stopped, or the model ejected.
                if answer in self._waiting and self._session.can_generate:
                    self._waiting.remove(answer)
                    # A task of its own: where a chat is summed up, no other waits for it.
                    self._fitting[answer] = asyncio.ensure_future(self._fit(answer))

    async def _fit(self, answer: Answer) -> None:
        conversation = answer.conversation
        prompt = conversation.prompt(answer.message_id)
        try:
            prompt = await self._context.fit(conversation.id, prompt, conversation.sampling)
        except ContextFullError as error:
            del self._fitting[answer]
            self._end(answer, MessageState.FAILED, error=str(error))
            return
        del self._fitting[answer]
        if self._session.can_generate:
            self._start(answer, prompt)
        else:  # it was ejected, or has ended, meanwhile
            self._waiting.append(answer)
            self._on_state_changed()

    def _start(self, answer: Answer, prompt: tuple[Message, ...]) -> None:
        conversation, session = answer.conversation, self._session
        model = session.request.model.name if session.request else ""
        engine = session.engine.value if session.engine else ""
        message = conversation.tree.get(answer.message_id)
        conversation.tree.replace(msgspec.structs.replace(message, model=model, engine=engine))
        schema = self._options.of(conversation.id).json_schema
        structure = Structure(json_schema=schema) if schema else None
        sampling = conversation.sampling
        job_id = session.generate(prompt, sampling, structure, continues=answer.continues)
        self._running[job_id] = answer
        if structure is not None:
            conversation.expect_json(answer.message_id)
        if session.request is not None:
            conversation.change(model=session.request.model.path)
        if not self._keep_timer.isActive():
            self._keep_timer.start()

    def _end(
        self,
        answer: Answer,
        state: MessageState,
        result: GenerationResult | None = None,
        error: str = "",
    ) -> None:
        conversation, message_id = answer.conversation, answer.message_id
        before = conversation.tree.get(message_id).result
        if answer.continues and before is not None and result is not None:
            count = before.completion_tokens + result.completion_tokens
            result = msgspec.structs.replace(result, completion_tokens=count)
        conversation.set_state(message_id, state, result=result, error=error)
        self.keeper.keep_message(conversation.id, conversation.tree.get(message_id))
        conversation.change(updated=time.time())
        if not self._running:
            self._keep_timer.stop()
        self.changed.emit(conversation)
        self.ended.emit(answer)

    def _end_waiting(self, state: MessageState, error: str = "") -> None:
        waiting, self._waiting = self._waiting, []
        for answer in waiting:
            self._end(answer, state, error=error)

    def _on_keep_timeout(self) -> None:
        for answer in self._running.values():
            if answer.is_new:
                answer.is_new = False
                conversation = answer.conversation
                self.keeper.keep_message(conversation.id, conversation.now(answer.message_id))

    def _on_text_received(self, job_id: str, text: str) -> None:
        answer = self._running.get(job_id)
        if answer is not None:
            answer.is_new = True
            answer.conversation.append(answer.message_id, text)

    def _on_job_ended(self, event: Finished | Cancelled | Failed) -> None:
        answer = self._running.pop(event.job_id, None)
        if answer is None:
            return
        match event:
            case Finished():
                self._end(answer, MessageState.DONE, event.result)
            case Cancelled():
                self._end(answer, MessageState.STOPPED, event.result)
            case Failed():
                self._end(answer, MessageState.FAILED, error=event.message)

    def _on_state_changed(self) -> None:
        state, failure = self._session.state, self._session.failure
        if state is EngineState.READY:
            self._start_waiting()
        elif state is EngineState.FAILED:
            self._end_waiting(MessageState.FAILED, failure.message if failure else "")
        elif state is EngineState.EMPTY:
            self._end_waiting(MessageState.STOPPED)
