"""What goes with the message that is being written: the files that are attached to it."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from phidesk.client.attachments import read_attachment
from phidesk.core.attachments import AttachmentError, attachment_of, free_name
from phidesk.core.context import MOST_COUNTED
from phidesk.core.conversation import Attachment
from phidesk.viewmodels.engine_session import EngineSession, EngineState


class DraftViewModel(QObject):
    """Reads files off the thread that draws, and has their tokens counted."""

    changed = Signal()
    failed = Signal(str)
    """files cannot be attached: why, for a person, a line for each"""

    def __init__(self, session: EngineSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self.attachments: tuple[Attachment, ...] = ()
        self._problems: list[str] = []
        self.reading: tuple[str, ...] = ()
        """names of files that are being read"""
        session.state_changed.connect(self._on_state_changed)

    def add_files(self, paths: list[Path]) -> None:
        """Attach files, one after the other: a PDF's reader takes a core and much memory."""
        for path in paths:
            self._start(self._read(path))

    def add_text(self, name: str, text: str) -> None:
        """Attach a text that is no file."""
        try:
            self._add(attachment_of(name, text))
        except AttachmentError as error:
            self.failed.emit(str(error))

    def remove(self, place: int) -> None:
        """Take an attachment off."""
        self.attachments = (*self.attachments[:place], *self.attachments[place + 1 :])
        self.changed.emit()

    def put(self, attachments: tuple[Attachment, ...]) -> None:
        """Attach these instead of what is there."""
        if attachments != self.attachments:
            self.attachments = attachments
            self.changed.emit()

    async def shut_down(self) -> None:
        """Stop reading and counting."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, job: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _read(self, path: Path) -> None:
        self.reading = (*self.reading, path.name)
        self.changed.emit()
        try:
            async with self._turn:
                self._add(await read_attachment(path))
        except AttachmentError as error:
            self._problems.append(str(error))
        finally:
            left = list(self.reading)
            left.remove(path.name)
            self.reading = tuple(left)
            self.changed.emit()
        if self._problems and not left:  # of all files that were chosen together
            problems, self._problems = self._problems, []
            self.failed.emit("\n".join(problems))

    def _add(self, attachment: Attachment) -> None:
        name = free_name(attachment.name, [known.name for known in self.attachments])
        attachment = msgspec.structs.replace(attachment, name=name)
        self.attachments = (*self.attachments, attachment)
        self.changed.emit()
        self._start(self._count(attachment))

    async def _count(self, attachment: Attachment) -> None:
        if len(attachment.text) > MOST_COUNTED:
            return  # it is shown with its characters
        counted = await self._session.count(texts=(attachment.text,))
        if counted is None:
            return
        found = msgspec.structs.replace(attachment, tokens=counted.texts[0])
        self.attachments = tuple(
            found if known is attachment else known for known in self.attachments
        )
        self.changed.emit()

    def _on_state_changed(self) -> None:
        """Count again: another model has another tokenizer."""
        if self._session.state is not EngineState.READY:
            return
        for attachment in self.attachments:
            self._start(self._count(attachment))
