"""How full the context is, as one types: counted with the model's own tokenizer."""

import asyncio
import time
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.core.attachments import model_text
from phidesk.core.chat import Message
from phidesk.core.context import guess_if_huge, with_draft
from phidesk.core.conversation import Attachment
from phidesk.viewmodels.context_fit import ContextFit
from phidesk.viewmodels.engine_session import EngineSession

_PAUSE_MS = 200
_SHARE = 2  # counting takes at most a third of the time
_LARGE = 60_000  # characters, from which on what was said is not counted again as one types
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
        is_busy: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._fit = fit
        self._prompt = prompt
        self._is_busy = is_busy
        self.read_draft: Callable[[], tuple[str, tuple[Attachment, ...]]] = lambda: ("", ())
        """what is being written, asked for when it is counted"""
        self._base: tuple[str, tuple[Message, ...], int] | None = None
        """a chat, what was said in it, and the tokens of that"""
        self._task: asyncio.Task[None] | None = None
        self._is_stale = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self.used: int | None = None
        """None: not known"""
        self.alone: int | None = None
        """the tokens of the message that is written, where it does not fit even alone"""
        session.state_changed.connect(self._on_state_changed)
        fit.cut_changed.connect(self.recount)

    @property
    def most(self) -> int:
        """Tokens that the context holds; 0 without a model."""
        return self._fit.most

    def shown(self, held: int) -> int:
        """Return the tokens to show; held: those of the engine, which count while it answers.

        Where several chats are answered, those are of the longest one.
        """
        stats = self._session.stats
        is_alone = stats is None or stats.running + stats.waiting <= 1
        return held if self.used is None or (self._is_busy() and is_alone) else self.used

    @property
    def fullness(self) -> Fullness:
        """How full the context is."""
        if not self.most or self.used is None or self.used < self.most * _AMBER:
            return Fullness.FINE
        return Fullness.FULL if self.used >= self.most else Fullness.NEARLY

    def recount(self) -> None:
        """Count again, soon: what is written or what was said has changed."""
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
            used = await self._count()
            is_full = used is not None and used >= self.most > 0
            self._show(used, await self._count_alone() if is_full else None)
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
        text, attachments = self.read_draft()
        length = len(text) + sum(len(attachment.text) for attachment in attachments)
        if huge := guess_if_huge(length, self.most):
            return huge  # and no megabytes are put together as one types
        draft = model_text(text.strip(), attachments)
        if _is_large(said):
            # What grows while the chat is answered is counted when it is whole.
            base = self._base if self._base is not None and self._base[0] == chat else None
            if base is None or (base[1] != said and not self._is_busy()):
                used = await self._fit.tokens(said)
                self._base = base = None if used is None else (chat, said, used)
            counted = await self._session.count(texts=(draft,))
            if base is None or counted is None:
                return None
            return base[2] + (counted.texts[0] + _TURN_TOKENS if draft else 0)
        whole = with_draft(said, draft)
        if all(message.role == "system" for message in whole):
            return 0
        return await self._fit.tokens(whole)

    async def _count_alone(self) -> int | None:
        text, attachments = self.read_draft()
        length = len(text) + sum(len(attachment.text) for attachment in attachments)
        if not length or (huge := guess_if_huge(length, self.most)):
            return huge if length else None
        said = self._fit.shown(*self._prompt())
        return await self._fit.too_long_alone(
            with_draft(said, model_text(text.strip(), attachments))
        )

    def _show(self, used: int | None, alone: int | None = None) -> None:
        if (used, alone) != (self.used, self.alone):
            self.used, self.alone = used, alone
            self.changed.emit()


def _is_large(messages: tuple[Message, ...]) -> bool:
    return sum(len(message.content) for message in messages) > _LARGE
