"""A search for models, and the files of the one that was chosen."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from enum import StrEnum
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from phidesk.client.standby import Spawn
from phidesk.core.hub import (
    OFFLINE_WORDS,
    RepoListing,
    RepoSummary,
    Source,
    endpoint_of,
    parse_repo,
)
from phidesk.core.hub_files import Variant, preselected, variants_of
from phidesk.core.settings import Settings
from phidesk.protocol.commands import ListRepo, SearchHub
from phidesk.protocol.events import Event, Failed, FailureKind, RepoListed, ReposFound
from phidesk.viewmodels.load_request import Failure
from phidesk.viewmodels.worker_job import WorkerJob, plain_words

EndpointToken = Callable[[str], Awaitable[str]]


class LookState(StrEnum):
    """What a question to a source is at."""

    IDLE = "idle"
    ASKING = "asking"
    ANSWERED = "answered"
    FAILED = "failed"


class HubSearch(QObject):
    """Asks in a worker for each question; a new question ends the one before."""

    results_changed = Signal()
    listing_changed = Signal()
    variant_changed = Signal()

    def __init__(
        self,
        settings: Settings,
        spawn: Spawn,
        token_for: EndpointToken,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._spawn = spawn
        self._token_for = token_for
        self._searching = _Question()
        self._listing = _Question()
        self.source = Source.HUGGINGFACE
        self.text = ""
        self.state = LookState.IDLE
        self.results: tuple[RepoSummary, ...] = ()
        self.failure: Failure | None = None
        self.repo = ""
        self.listing_state = LookState.IDLE
        self.listing: RepoListing | None = None
        self.listing_failure: Failure | None = None
        self.variants: list[Variant] = []
        self.variant: Variant | None = None

    def set_source(self, source: Source) -> None:
        """Ask another source from now on; what was found at the last one is put away."""
        if source is not self.source:
            self.source = source
            self.forget()

    def forget(self) -> None:
        """Put away what was found."""
        self._searching.end()
        self._listing.end()
        self.state = self.listing_state = LookState.IDLE
        self.results, self.repo, self.listing = (), "", None
        self.variants, self.variant = [], None
        self.results_changed.emit()
        self.listing_changed.emit()

    def halt(self) -> None:
        """Ask no more; what was found stays."""
        self._searching.end()
        self._listing.end()
        if self.state is LookState.ASKING:
            self.state = LookState.IDLE
            self.results_changed.emit()
        if self.listing_state is LookState.ASKING:
            self.listing_state, self.repo = LookState.IDLE, ""
            self.listing_changed.emit()

    def search(self, text: str) -> None:
        """Search by name; the address of a model's page opens the model."""
        text = text.strip()
        self.forget()
        self.text = text
        if not text:
            return
        if "://" in text:
            self._open_page(text)
            return
        self.state = LookState.ASKING
        self._searching.ask(self._search(text))
        self.results_changed.emit()

    def open(self, repo: str) -> None:
        """Look at the files of a repository."""
        self._listing.end()
        self.repo, self.listing, self.listing_failure = repo, None, None
        self.variants, self.variant = [], None
        self.listing_state = LookState.ASKING
        self._listing.ask(self._list(repo))
        self.listing_changed.emit()

    def choose(self, variant: Variant) -> None:
        """Choose what Download fetches."""
        self.variant = variant
        self.variant_changed.emit()

    async def shut_down(self) -> None:
        """End the workers; the window is closing."""
        await asyncio.gather(self._searching.ended(), self._listing.ended())

    def _open_page(self, text: str) -> None:
        try:
            repo, source = parse_repo(text)
        except ValueError as error:
            self._fail(Failure(FailureKind.NOT_FOUND, str(error)))
            return
        self.source = source or self.source
        self.state = LookState.ANSWERED
        self.results = (RepoSummary(repo=repo),)
        self.results_changed.emit()
        self.open(repo)

    def _fail(self, failure: Failure) -> None:
        self.state, self.failure = LookState.FAILED, failure
        self.results_changed.emit()

    async def _search(self, text: str) -> None:
        def take(event: Event) -> None:
            if isinstance(event, ReposFound):
                self.results = event.repos

        def command(endpoint: str, token: str) -> SearchHub:
            return SearchHub(
                job_id=uuid4().hex, source=self.source, endpoint=endpoint, text=text, token=token
            )

        failure = await self._ask(self._searching, command, take)
        if failure is not None:
            self._fail(failure)
            return
        self.state = LookState.ANSWERED
        self.results_changed.emit()

    async def _list(self, repo: str) -> None:
        def take(event: Event) -> None:
            if isinstance(event, RepoListed):
                self.listing = event.listing

        def command(endpoint: str, token: str) -> ListRepo:
            return ListRepo(
                job_id=uuid4().hex, source=self.source, endpoint=endpoint, repo=repo, token=token
            )

        self.listing_failure = await self._ask(self._listing, command, take)
        self.listing_state = LookState.FAILED if self.listing_failure else LookState.ANSWERED
        if self.listing is not None:
            self.variants = variants_of(self.listing.files)
            self.variant = preselected(self.variants)
        self.listing_changed.emit()

    async def _ask(
        self,
        question: "_Question",
        command: Callable[[str, str], SearchHub | ListRepo],
        take: Callable[[Event], None],
    ) -> Failure | None:
        """Ask the source that is set; returns why there is no answer."""
        if self._settings.offline:
            return Failure(FailureKind.UNSUPPORTED, OFFLINE_WORDS)
        try:
            endpoint = endpoint_of(self.source, self._settings.hub_mirror)
        except ValueError as error:
            return Failure(FailureKind.UNSUPPORTED, str(error))
        asked = command(endpoint, await self._token_for(endpoint))
        return await question.run(WorkerJob(self._spawn, asked, take))


class _Question:
    """The one question of a kind that is under way, if any."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._job: WorkerJob | None = None

    def ask(self, asking: Coroutine[None, None, None]) -> None:
        """Begin with the question."""
        task = asyncio.ensure_future(asking)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self, job: WorkerJob) -> Failure | None:
        """Run the job of the question; returns how it failed."""
        self._job = job
        ending = await job.run()
        if isinstance(ending, Failed):
            return Failure(ending.kind, plain_words(ending), ending.details)
        return None

    def end(self) -> None:
        """Give the question up: its answer is not wanted any more."""
        for task in self._tasks:
            task.cancel()
        self._job = None

    async def ended(self) -> None:
        """Give the question up, and wait until its worker is gone."""
        tasks = list(self._tasks)
        if self._job is not None:
            self._job.kill()
        self.end()
        await asyncio.gather(*tasks, return_exceptions=True)
