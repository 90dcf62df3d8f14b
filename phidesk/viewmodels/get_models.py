"""The page where models come from: search, the chosen files, downloads, and who may be asked."""

import asyncio
from collections.abc import Coroutine

from PySide6.QtCore import QObject, Signal

from phidesk.client.standby import Spawn
from phidesk.client.tokens import Kept, TokenStore
from phidesk.core.downloads import DownloadPlan, disk_problem, plan_of
from phidesk.core.files import free_bytes
from phidesk.core.hub import takes_token
from phidesk.core.paths import models_dir
from phidesk.core.settings import Settings, SettingsFile
from phidesk.viewmodels.downloads import DownloadsViewModel
from phidesk.viewmodels.hub_search import HubSearch
from phidesk.viewmodels.privacy import PrivacyViewModel
from phidesk.viewmodels.saving import saving_problem

MOST_AT_ONCE = 8


class GetModelsViewModel(QObject):
    """Nothing goes out but what a search, a look at a repository or a download needs."""

    settings_changed = Signal()
    token_changed = Signal()
    failed = Signal(str)
    """plain words"""

    def __init__(
        self,
        settings: Settings,
        file: SettingsFile,
        spawn: Spawn,
        tokens: TokenStore,
        privacy: PrivacyViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._file = file
        self._tokens = tokens
        self._privacy = privacy
        self._was_offline = settings.offline
        privacy.changed.connect(self._on_privacy_changed)
        self._tasks: set[asyncio.Task[None]] = set()
        self.token_kept: Kept | None = None
        self.search = HubSearch(settings, spawn, self._token_for, self)
        self.downloads = DownloadsViewModel(settings, spawn, self._token_of, self)
        self.downloads.failed.connect(self.failed)

    @property
    def offline(self) -> bool:
        """Whether nothing goes out at all."""
        return self._settings.offline

    @property
    def mirror(self) -> str:
        """The address that is asked in place of huggingface.co; "" for none."""
        return self._settings.hub_mirror

    @property
    def at_once(self) -> int:
        """How many downloads run side by side."""
        return self._settings.downloads_at_once

    @property
    def plan(self) -> DownloadPlan | None:
        """What Download would fetch."""
        listing, variant = self.search.listing, self.search.variant
        if listing is None or variant is None:
            return None
        return plan_of(listing, variant, models_dir())

    @property
    def free(self) -> int | None:
        """Bytes that are free where models go."""
        return free_bytes(models_dir())

    def problem(self, plan: DownloadPlan) -> str:
        """Return why a plan cannot be started: the disk has no room, beside what is in line."""
        known = self.downloads.find(plan)
        ours = known.still_to_come if known is not None else 0
        return disk_problem(plan, max(0, self.downloads.promised - ours))

    def download(self) -> None:
        """Fetch what is chosen."""
        plan = self.plan
        if plan is not None and not self.offline and not self.problem(plan):
            self.downloads.add(plan)

    def set_offline(self, offline: bool) -> None:
        """Let nothing out any more, or again; downloads stop, and do not start by themselves."""
        self._privacy.set_offline(offline)

    def set_mirror(self, address: str) -> None:
        """Ask another address in place of huggingface.co."""
        if address.strip() != self._settings.hub_mirror:
            self._settings.hub_mirror = address.strip()
            self.search.forget()
            self._save()

    def set_at_once(self, count: int) -> None:
        """Run so many downloads side by side; those that run already go on."""
        if count != self._settings.downloads_at_once:
            self._settings.downloads_at_once = count
            self._save()
            self.downloads.advance()

    def look_for_token(self) -> None:
        """See whether there is a token, and where."""
        self._start_task(self._look_for_token())

    def save_token(self, token: str) -> None:
        """Keep a token in the keyring, or for this session; "" forgets it."""
        self._start_task(self._save_token(token))

    async def shut_down(self) -> None:
        """End every worker; the window is closing."""
        await asyncio.gather(self.search.shut_down(), self.downloads.shut_down())
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _token_for(self, endpoint: str) -> str:
        if not takes_token(endpoint):
            return ""
        token, _ = await asyncio.to_thread(self._tokens.load)
        return token

    async def _token_of(self, plan: DownloadPlan) -> str:
        return await self._token_for(plan.endpoint)

    async def _look_for_token(self) -> None:
        _, self.token_kept = await asyncio.to_thread(self._tokens.load)
        self.token_changed.emit()

    async def _save_token(self, token: str) -> None:
        await asyncio.to_thread(self._tokens.save, token)
        await self._look_for_token()

    def _start_task(self, job: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _on_privacy_changed(self) -> None:
        if self.offline == self._was_offline:
            return
        self._was_offline = self.offline
        if self.offline:
            self.search.halt()
            self.downloads.pause_all()
        self.settings_changed.emit()

    def _save(self) -> None:
        if problem := saving_problem(self._file, self._settings):
            self.failed.emit(problem)
        self.settings_changed.emit()
