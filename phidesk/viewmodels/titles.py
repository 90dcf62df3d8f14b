"""Titles for chats: the first words of the question, then what the model makes of it."""

import re

from PySide6.QtCore import QObject

from phidesk.core.chat import Message, Role, SamplingParams, StopReason
from phidesk.core.conversation import MessageState
from phidesk.protocol.events import Cancelled, Failed, Finished
from phidesk.viewmodels.answers import Answer, Answers
from phidesk.viewmodels.conversation import Conversation
from phidesk.viewmodels.engine_session import EngineSession

_LONGEST = 60
_CLIP = 2000
"""Characters of the question and of the answer that the model reads again."""
_ASK = "Give this conversation a title of at most five words. Reply with the title alone."
_SAMPLING = SamplingParams(temperature=0.0, max_tokens=24)
_PREFIX = re.compile(r"^\W*(title|titel|titre|标题)\s*[:：]\s*", re.IGNORECASE)
_QUOTES = " \t\"'`*_#“”„«»‘’《》「」"


def clean_title(text: str) -> str:
    """Return what a model wrote as one line without its quotes; "" where it is no title."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    if len(lines) != 1 or "<" in lines[0]:
        return ""
    title = _PREFIX.sub("", lines[0]).strip(_QUOTES).rstrip(".。")
    return title if title and len(title) <= _LONGEST else ""


class Titles(QObject):
    """Asks the model for titles while nobody waits for it, one at a time."""

    def __init__(
        self, session: EngineSession, answers: Answers, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._answers = answers
        self._untitled: list[Conversation] = []
        self._job = ""
        self._text = ""
        answers.ended.connect(self._on_answer_ended)
        answers.changed.connect(self._on_answers_changed)
        session.text_received.connect(self._on_text_received)
        session.job_ended.connect(self._on_job_ended)

    def _on_answer_ended(self, answer: Answer) -> None:
        conversation = answer.conversation
        written = [m for m in conversation.tree if m.role is Role.ASSISTANT]
        if len(written) == 1 and written[0].state is MessageState.DONE and written[0].text:
            self._untitled.append(conversation)
        self._start()

    def _on_answers_changed(self) -> None:
        if self._job and not self._answers.is_idle:
            self._session.cancel(self._job)  # the user comes first

    def _start(self) -> None:
        session = self._session
        if self._job or not self._answers.is_idle or not session.can_generate:
            return
        self._untitled = [c for c in self._untitled if not c.info.is_titled and len(c.tree)]
        if not self._untitled:
            return
        said = self._untitled[0].tree.path()[:2]
        # The chat's own beginning: an engine that caches has read it already.
        system = self._untitled[0].system_prompt
        first = (Message(role=Role.SYSTEM, content=system),) if system.strip() else ()
        turns = tuple(Message(role=m.role, content=m.text[:_CLIP]) for m in said)
        ask = Message(role=Role.USER, content=_ASK)
        self._job, self._text = session.generate((*first, *turns, ask), _SAMPLING), ""
        session.asides.add(self._job)

    def _on_text_received(self, job_id: str, text: str) -> None:
        if job_id == self._job:
            self._text += text

    def _on_job_ended(self, event: Finished | Cancelled | Failed) -> None:
        if event.job_id != self._job:
            return
        self._job = ""
        if isinstance(event, Cancelled):  # it is asked again after the answer that came between
            self._start()
            return
        conversation = self._untitled.pop(0)
        result = event.result if isinstance(event, Finished) else None
        is_whole = result is not None and result.stop_reason is StopReason.END
        title = clean_title(self._text) if is_whole else ""
        if title and not conversation.info.is_titled:
            conversation.change(title=title)
        self._start()
