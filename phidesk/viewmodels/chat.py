"""The conversations: what is said, what is being answered, what waits for the model."""

from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from phidesk.client.interface import WorkerGoneError
from phidesk.core.chat import DEFAULT_SYSTEM_PROMPT, Message, Role, SamplingParams
from phidesk.core.conversation import MessageState
from phidesk.protocol.events import Cancelled, Failed, Finished
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel

_TITLE_LENGTH = 40


@dataclass(eq=False)
class Conversation:
    """One chat: its messages and how they are answered."""

    thread: ThreadModel = field(default_factory=ThreadModel)
    title: str = ""
    system_prompt: str = DEFAULT_SYSTEM_PROMPT
    sampling: SamplingParams = field(default_factory=SamplingParams)


class ChatViewModel(QObject):
    """Sends messages, routes answers to their rows, and queues while the model loads."""

    current_changed = Signal()
    conversations_changed = Signal()
    busy_changed = Signal()
    model_needed = Signal()
    """a message waits, and no model is loaded or loading"""

    def __init__(self, session: EngineSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._default_sampling = SamplingParams()
        self._answering: dict[str, tuple[Conversation, int]] = {}
        self._waiting: list[tuple[Conversation, int]] = []
        self.conversations: list[Conversation] = [Conversation()]
        self.current = self.conversations[0]
        session.text_received.connect(self._on_text_received)
        session.job_ended.connect(self._on_job_ended)
        session.state_changed.connect(self._on_state_changed)

    @property
    def is_busy(self) -> bool:
        """Whether the current conversation is being answered, or waits to be."""
        return any(c is self.current for c, _ in (*self._answering.values(), *self._waiting))

    def set_default_sampling(self, sampling: SamplingParams) -> None:
        """Change how new chats begin; an empty chat that was not touched begins so, too."""
        before, self._default_sampling = self._default_sampling, sampling
        current = self.current
        if current.thread.rowCount() == 0 and current.sampling == before:
            current.sampling = sampling
            self.current_changed.emit()

    def new_conversation(self) -> None:
        """Begin a new chat, or stay in the current one while it is still empty."""
        if self.current.thread.rowCount() == 0:
            return
        empty = next((c for c in self.conversations if c.thread.rowCount() == 0), None)
        if empty is None:
            empty = Conversation(
                system_prompt=self.current.system_prompt, sampling=self.current.sampling
            )
            self.conversations.insert(0, empty)
            self.conversations_changed.emit()
        self.select(empty)

    def select(self, conversation: Conversation) -> None:
        """Show another chat."""
        if conversation is not self.current:
            self.current = conversation
            self.current_changed.emit()
            self.busy_changed.emit()

    def send(self, text: str) -> None:
        """Say something in the current chat; it waits where the model is not ready."""
        if not text.strip() or self.is_busy:
            return
        thread = self.current.thread
        thread.add(ChatEntry(Role.USER, text))
        if not self.current.title:
            line = " ".join(text.split())
            short = line[:_TITLE_LENGTH].rstrip()
            self.current.title = short + ("…" if len(line) > _TITLE_LENGTH else "")
            self.conversations_changed.emit()
        self._answer(self.current)

    def regenerate(self) -> None:
        """Answer the last question of the current chat again."""
        thread = self.current.thread
        last = thread.rowCount() - 1
        if last < 1 or self.is_busy or thread.entry(last).speaker is not Role.ASSISTANT:
            return
        thread.remove_from(last)
        self._answer(self.current)

    def stop(self) -> None:
        """Stop the answer in the current chat; what is there stays."""
        for job_id, (conversation, _) in list(self._answering.items()):
            if conversation is self.current:
                self._session.cancel(job_id)
        for waiting in [w for w in self._waiting if w[0] is self.current]:
            self._waiting.remove(waiting)
            waiting[0].thread.set_state(waiting[1], MessageState.STOPPED)
        self.busy_changed.emit()

    def _answer(self, conversation: Conversation) -> None:
        row = conversation.thread.add(ChatEntry(Role.ASSISTANT, state=MessageState.WAITING))
        self._waiting.append((conversation, row))
        self.busy_changed.emit()
        if self._session.state is EngineState.READY:
            self._start_waiting()
        elif self._session.state in (EngineState.EMPTY, EngineState.FAILED):
            self.model_needed.emit()

    def _start_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for conversation, row in waiting:
            system = conversation.system_prompt
            before = (Message(role=Role.SYSTEM, content=system),) if system.strip() else ()
            messages = (*before, *conversation.thread.messages(before=row))
            try:
                job_id = self._session.generate(messages, conversation.sampling)
            except WorkerGoneError:
                error = self.tr("The engine process has just ended: reload the model.")
                conversation.thread.set_state(row, MessageState.FAILED, error=error)
            else:
                self._answering[job_id] = (conversation, row)
        self.busy_changed.emit()

    def _on_text_received(self, job_id: str, text: str) -> None:
        place = self._answering.get(job_id)
        if place is None:
            return
        conversation, row = place
        thread = conversation.thread
        if thread.entry(row).state is MessageState.WAITING:
            thread.set_state(row, MessageState.STREAMING)
        thread.append_text(row, text)

    def _on_job_ended(self, event: Finished | Cancelled | Failed) -> None:
        place = self._answering.pop(event.job_id, None)
        if place is None:
            return
        conversation, row = place
        match event:
            case Finished():
                conversation.thread.set_state(row, MessageState.DONE, result=event.result)
            case Cancelled():
                conversation.thread.set_state(row, MessageState.STOPPED, result=event.result)
            case Failed():
                conversation.thread.set_state(row, MessageState.FAILED, error=event.message)
        self.busy_changed.emit()

    def _on_state_changed(self) -> None:
        state, failure = self._session.state, self._session.failure
        if state is EngineState.READY:
            self._start_waiting()
        elif state is EngineState.FAILED and self._waiting:
            waiting, self._waiting = self._waiting, []
            message = failure.message if failure else ""
            for conversation, row in waiting:
                conversation.thread.set_state(row, MessageState.FAILED, error=message)
            self.busy_changed.emit()
        elif state is EngineState.EMPTY and self._waiting:
            waiting, self._waiting = self._waiting, []
            for conversation, row in waiting:
                conversation.thread.set_state(row, MessageState.STOPPED)
            self.busy_changed.emit()
