"""How full the context is, as one types: counted with the model's own tokenizer."""

import asyncio
import time
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.core.attachments import model_text
from phidesk.core.chat import Message
from phidesk.core.context import with_draft
from phidesk.core.conversation import Attachment
from phidesk.viewmodels.context_fit import ContextFit
from phidesk.viewmodels.engine_session import EngineSession

_PAUSE_MS = 200
_SHARE = 2  # counting takes at most a third of the time
_LARGE = 400_000  # characters, from which on what was said is not counted again as one types
_TURN_TOKENS = 8  # what a template adds to a message, about
_AMBER = 0.8


class Fullness(StrEnum):
    """How the meter is shown."""

    FINE = "fine"
    NEARLY = "nearly"
    FULL = "full"


Prompt = Callable[[], tuple[str, tuple[Message, ...]]]
"""the id of the chat that is shown, and its messages as the model would see them"""


class ContextMeter(QObject):
    """Counts the draft with the conversation before it; one count at a time, of what is newest."""

    changed = Signal()

    def __init__(
        self,
        session: EngineSession,
        fit: ContextFit,
        prompt: Prompt,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._fit = fit
        self._prompt = prompt
        self._draft = ""
        self._attachments: tuple[Attachment, ...] = ()
        self._base: tuple[tuple[Message, ...], int] | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_stale = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self.used: int | None = None
        """None: not known"""
        session.state_changed.connect(self._on_state_changed)
        fit.cut_changed.connect(self.recount)

    @property
    def most(self) -> int:
        """Tokens that the context holds; 0 without a model."""
        return self._fit.most

    @property
    def fullness(self) -> Fullness:
        """How full the context is."""
        if not self.most or self.used is None or self.used < self.most * _AMBER:
            return Fullness.FINE
        return Fullness.FULL if self.used >= self.most else Fullness.NEARLY

    def set_draft(self, text: str, attachments: tuple[Attachment, ...]) -> None:
        """Count another draft, once the user pauses."""
        if (text, attachments) != (self._draft, self._attachments):
            self._draft, self._attachments = text, attachments
            self.recount()

    def recount(self) -> None:
        """Count again, soon: what was said has changed."""
        self._is_stale = True
        if self._task is None and not self._timer.isActive():
            self._timer.start(_PAUSE_MS)

    async def shut_down(self) -> None:
        """Stop counting."""
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _on_state_changed(self) -> None:
        self._base = None
        self._show(None)
        self.recount()

    def _on_timeout(self) -> None:
        if self._task is None:
            self._task = asyncio.ensure_future(self._count_newest())

    async def _count_newest(self) -> None:
        started = time.monotonic()
        self._is_stale = False
        try:
            self._show(await self._count())
        finally:
            self._task = None
        if self._is_stale:
            pause = _PAUSE_MS + int(_SHARE * 1000 * (time.monotonic() - started))
            self._timer.start(pause)

    async def _count(self) -> int | None:
        if not self.most:
            return None
        chat, messages = self._prompt()
        said = self._fit.shown(chat, messages)
        draft = model_text(self._draft.strip(), self._attachments)
        if self._base is not None and self._base[0] == said and _is_large(said):
            counted = await self._session.count(texts=(draft,))
            extra = counted.texts[0] + _TURN_TOKENS if counted is not None and draft else 0
            return self._base[1] + extra
        whole = with_draft(said, draft)
        if all(message.role == "system" for message in whole):
            return 0
        used = await self._fit.tokens(whole)
        if used is not None and not draft:
            self._base = (said, used)
        return used

    def _show(self, used: int | None) -> None:
        if used != self.used:
            self.used = used
            self.changed.emit()


def _is_large(messages: tuple[Message, ...]) -> bool:
    return sum(len(message.content) for message in messages) > _LARGE
