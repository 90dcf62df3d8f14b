"""The downloads: some run at once, the others stand in line."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from PySide6.QtCore import QObject, Signal

from phidesk.client.standby import Spawn
from phidesk.core.downloads import DownloadPlan, unfinished
from phidesk.core.hub import OFFLINE_WORDS
from phidesk.core.paths import models_dir
from phidesk.core.settings import Settings
from phidesk.viewmodels.download_item import DownloadItem, DownloadState
from phidesk.viewmodels.words import in_words

TokenFor = Callable[[DownloadPlan], Awaitable[str]]
_IN_LINE = (DownloadState.WAITING, DownloadState.RUNNING, DownloadState.STOPPING)


class DownloadsViewModel(QObject):
    """All downloads of this session, and those that an earlier one left unfinished."""

    items_changed = Signal()
    """there are other ones, or one is at something else"""
    finished = Signal(str)
    """the path of a model that is whole"""
    failed = Signal(str)
    """plain words, for example about files that cannot be deleted"""
    log_received = Signal(str, str)

    def __init__(
        self, settings: Settings, spawn: Spawn, token_for: TokenFor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._spawn = spawn
        self._token_for = token_for
        self._tasks: set[asyncio.Task[None]] = set()
        self.items: list[DownloadItem] = []

    @property
    def running(self) -> int:
        """How many somebody is at work on."""
        return sum(item.is_active for item in self.items)

    @property
    def promised(self) -> int:
        """Bytes that those in line will still write."""
        return sum(item.still_to_come for item in self.items if item.state in _IN_LINE)

    def find(self, plan: DownloadPlan) -> DownloadItem | None:
        """Return the download of the same files to the same place."""
        return next((item for item in self.items if item.plan.partial == plan.partial), None)

    def add(self, plan: DownloadPlan) -> DownloadItem:
        """Download a plan, or go on with it."""
        item = self.find(plan)
        if item is not None and (item.is_active or item.state is DownloadState.WAITING):
            if item.state is DownloadState.REMOVING:
                words = self.tr("“{0}” is being deleted. Try again when it is gone.")
                self.failed.emit(words.format(plan.name))
            return item
        if item is not None:  # the same files at a newer commit, perhaps
            self.items.remove(item)
            item.deleteLater()
        item = self._make(plan)
        self._start_task(item.look())
        self.advance()
        return item

    def resume(self, item: DownloadItem) -> None:
        """Stand in line again."""
        if self._settings.offline:
            self.failed.emit(OFFLINE_WORDS)
            return
        item.wait()
        self.advance()

    def remove(self, item: DownloadItem) -> None:
        """Take one out of the list; of an unfinished one, all that came is deleted."""
        self._start_task(self._remove(item))

    def pause_all(self) -> None:
        """End all workers and the line."""
        for item in self.items:
            item.pause()

    def advance(self) -> None:
        """Start as many of those in line as there is room for."""
        waiting = [item for item in self.items if item.state is DownloadState.WAITING]
        room = max(1, self._settings.downloads_at_once) - self.running
        for item in waiting[: max(0, room)]:
            item.start()
        self.items_changed.emit()

    def find_unfinished(self) -> None:
        """List what an earlier session left; none of it starts by itself."""
        self._start_task(self._find_unfinished())

    async def shut_down(self) -> None:
        """End every worker at once; the window is closing."""
        # The line first: where one ends, the next would be started.
        for item in sorted(self.items, key=lambda item: item.is_active):
            item.kill()
        await asyncio.gather(*(item.stopped() for item in self.items))
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _make(self, plan: DownloadPlan) -> DownloadItem:
        item = DownloadItem(plan, self._spawn, lambda: self._token_for(plan), self)
        item.state_changed.connect(lambda: self._on_state_changed(item))
        item.log_received.connect(self.log_received)
        self.items.append(item)
        return item

    def _on_state_changed(self, item: DownloadItem) -> None:
        if item.state is DownloadState.DONE:
            self.finished.emit(item.path)
        if item.is_active:
            self.items_changed.emit()
        else:  # there may be room for another
            self.advance()

    async def _remove(self, item: DownloadItem) -> None:
        if item.state is DownloadState.REMOVING:
            return
        try:
            await item.remove()
        except OSError as error:
            words = self.tr("“{0}” cannot be deleted: {1}.")
            self.failed.emit(words.format(item.plan.name, in_words(error.strerror or str(error))))
            return
        if item in self.items:
            self.items.remove(item)
            item.deleteLater()
        self.advance()

    async def _find_unfinished(self) -> None:
        plans = await asyncio.to_thread(unfinished, models_dir())
        for plan in plans:
            if self.find(plan) is None:
                item = self._make(plan)
                item.pause()
                await item.look()
        self.items_changed.emit()

    def _start_task(self, job: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
