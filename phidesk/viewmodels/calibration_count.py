"""About how many tokens calibration texts hold, counted without a tokenizer."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from phidesk.core.texts import CalibrationTextError, Pack, calibration_documents, read_own_texts

_CHARACTERS = {Pack.CHINESE: 1.5}
_USUAL_CHARACTERS = 4.0  # a token of English text or code, roughly, for any current tokenizer


class CalibrationCount(QObject):
    """Counts each text once, in the background."""

    counted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens: dict[str, int] = {}
        self._problems: dict[str, str] = {}
        self._stamps: dict[str, tuple[int, int] | None] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def tokens(self, names: tuple[str, ...]) -> int | None:
        """Return about how many tokens the texts hold; None while they are being counted."""
        for name in names:
            if self._stamps.get(name) != (stamp := _stamp(name)):
                self._stamps[name] = stamp  # the file is another one now
                self._tokens.pop(name, None)
                self._problems.pop(name, None)
            if name not in self._tokens and name not in self._tasks:
                self._tasks[name] = asyncio.ensure_future(self._count(name))
        known = [self._tokens.get(name) for name in names]
        return None if None in known else sum(count or 0 for count in known)

    def problem(self, names: tuple[str, ...]) -> str:
        """Return why one of the texts cannot be used; empty where nothing is known."""
        return next((self._problems[name] for name in names if name in self._problems), "")

    async def shut_down(self) -> None:
        """Wait for what is being counted."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _count(self, name: str) -> None:
        try:
            self._tokens[name] = await asyncio.to_thread(_about_tokens, name)
        except CalibrationTextError as error:
            self._tokens[name] = 0
            self._problems[name] = str(error)
        del self._tasks[name]
        self.counted.emit()


def _stamp(name: str) -> tuple[int, int] | None:
    """Return what changes when a file does; None for the packs and for what is not there."""
    try:
        info = Path(name).stat()
    except OSError:
        return None
    return info.st_mtime_ns, info.st_size


def _about_tokens(name: str) -> int:
    try:
        pack = Pack(name)
    except ValueError:
        documents, per_token = read_own_texts(Path(name)), _USUAL_CHARACTERS
    else:
        documents = calibration_documents(pack)
        per_token = _CHARACTERS.get(pack, _USUAL_CHARACTERS)
    return int(sum(len(document) for document in documents) / per_token)
