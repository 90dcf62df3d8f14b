"""Runs the scan for models and keeps what it found."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import aclosing

from PySide6.QtCore import QObject, Signal

from phidesk.client import library
from phidesk.core.library.entry import LibraryEntry
from phidesk.core.library.messages import Batch, Finished, Listed
from phidesk.core.library.places import Place, places
from phidesk.viewmodels.folder_watch import FolderWatch


class LibraryScan(QObject):
    """Scans one after the other; a new scan ends the one that runs.

    entries: by path. same: the other paths with the same weights, by path; linked: those of them
    that are the same file on disk. problems: what could not be read, by folder.
    """

    listed = Signal()
    """every model has been named, or more is known of some"""
    finished = Signal()
    failed = Signal(str)

    def __init__(self, folders: Callable[[], Sequence[str]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folders = folders
        self._task: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch = FolderWatch(self)
        self._watch.changed.connect(self.start)
        self.places: list[Place] = []
        self.entries: dict[str, LibraryEntry] = {}
        self.same: dict[str, list[str]] = {}
        self.linked: dict[str, list[str]] = {}
        self.problems: dict[str, str] = {}

    @property
    def is_running(self) -> bool:
        """Whether models are still being named."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Scan from the start."""
        for task in self._tasks:
            task.cancel()
        self._task = asyncio.ensure_future(self._run(set(self._tasks)))
        self._tasks.add(self._task)
        self._task.add_done_callback(self._tasks.discard)

    async def shut_down(self) -> None:
        """End the scan and watch no more."""
        self._watch.stop()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _run(self, before: set[asyncio.Task[None]]) -> None:
        if before:  # their processes are ended first
            await asyncio.wait(before)
        self.places = await asyncio.to_thread(places, self._folders())
        try:
            await self._read()
        except library.ScanError as error:
            self.failed.emit(str(error))
        self._task = None
        self.finished.emit()

    async def _read(self) -> None:
        if not self.places:
            self.entries, self.problems, self.same, self.linked = {}, {}, {}, {}
            self.listed.emit()
            return
        found: dict[str, LibraryEntry] = {}
        async with aclosing(library.scan(self.places)) as messages:
            async for message in messages:
                match message:
                    case Batch():
                        found |= {entry.ref.path: entry for entry in message.entries}
                    case Listed():
                        self.entries, self.problems = dict(found), message.problems
                        self._watch.watch(message.folders)
                        self.listed.emit()
                    case Finished():
                        self._keep_duplicates(message)
                        self.entries = found
                        self.listed.emit()

    def _keep_duplicates(self, message: Finished) -> None:
        self.same, self.linked = {}, {}
        for group in message.duplicates:
            paths = [path for copy in group.copies for path in copy]
            for copy in group.copies:
                for path in copy:
                    self.same[path] = [other for other in paths if other != path]
                    self.linked[path] = [other for other in copy if other != path]

    def forget(self, path: str) -> None:
        """Leave out a model that is in the trash, until the next scan says the same."""
        self.entries = {p: entry for p, entry in self.entries.items() if p != path}
        paths = self.same.pop(path, [])
        for other in paths:
            self.same[other] = [p for p in self.same.get(other, []) if p != path]
        self.linked.pop(path, None)
        self.listed.emit()

    @property
    def roots(self) -> list[str]:
        """The folders that are looked through, links followed as well."""
        paths = [place.path for place in self.places]
        return [*paths, *map(os.path.realpath, paths)]
