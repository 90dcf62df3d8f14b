"""The job of a download: check, fetch file by file, and only then put the model in its place."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from phidesk.core import jobs
from phidesk.core.amounts import exact_size
from phidesk.core.downloads import (
    DownloadPlan,
    DownloadState,
    disk_problem,
    kept_bytes,
    save_state,
)
from phidesk.core.files import free_bytes
from phidesk.core.hub import RepoFile, Source, is_repo, takes_token
from phidesk.core.hub_files import is_safe_path
from phidesk.protocol.commands import Download
from phidesk.protocol.events import Downloaded, FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.failures import is_disk_full
from phidesk.worker.hub.place import adopted_etags, already_there, opened_as, put_in_place
from phidesk.worker.hub.sites import Site, make_site, refused
from phidesk.worker.hub.transfer import Refused, Transfer
from phidesk.worker.hub.web import WAITS_S, Patience, make_client, patiently
from phidesk.worker.reporter import Reporter

_TELL_S = 0.25


def download(command: Download, report: Reporter) -> None:
    """Fetch what the plan says; raises EngineError for what is known to go wrong.

    What came is kept for a resume.
    """
    began = time.monotonic()
    plan = command.plan
    _refuse_bad_names(plan)
    with _plainly(plan):
        there = already_there(plan, report)
        if problem := disk_problem(plan, there=there):
            raise EngineError(FailureKind.DISK_FULL, problem)
        plan.partial.mkdir(parents=True, exist_ok=True)
        try:
            with jobs.locked(plan.out):
                fetched = _Fetching(command, there, report).run()
                put_in_place(plan)
        except BlockingIOError as error:
            words = f"“{plan.name}” is being downloaded by another phidesk at this moment."
            raise EngineError(FailureKind.UNSUPPORTED, words) from error
        shutil.rmtree(plan.partial, ignore_errors=True)
    report.send(
        Downloaded(
            job_id=command.job_id,
            path=str(opened_as(plan)),
            size_bytes=plan.total,
            fetched_bytes=fetched,
            seconds=time.monotonic() - began,
        )
    )


class _Fetching:
    """All files of a plan, one after the other."""

    def __init__(self, command: Download, there: set[str], report: Reporter) -> None:
        self._plan = plan = command.plan
        self._there = there
        self._report = report
        self._token = command.token if takes_token(plan.endpoint) else ""
        self._state = DownloadState(plan=plan, etags=adopted_etags(plan))
        save_state(self._state)
        self._done = kept_bytes(plan, there)
        self._file = self._stage = ""
        self._ended = threading.Event()

    def run(self) -> int:
        """Fetch what is missing; returns the bytes that came over the line."""
        # Said by a thread of its own, so that a line where nothing comes is seen to be slow.
        telling = threading.Thread(target=self._keep_telling, daemon=True)
        telling.start()
        try:
            return self._fetch_all()
        finally:
            self._ended.set()
            telling.join()

    def _fetch_all(self) -> int:
        fetched = 0
        patience = Patience(WAITS_S, self._on_wait)
        with make_client(self._token) as client:
            site = make_site(self._plan.source, self._plan.endpoint, client)
            self._refuse_a_moved(site, patience)
            for file in self._left():
                whole, part = self._plan.whole(file), self._plan.part(file)
                self._file = file.path
                self._tell("checking" if part.exists() else "downloading")
                whole.parent.mkdir(parents=True, exist_ok=True)
                transfer = Transfer(
                    client,
                    site.address(self._plan.repo, self._plan.revision, file.path),
                    file,
                    part,
                    etag=self._state.etags.get(file.path, ""),
                    on_etag=self._on_etag,
                    on_bytes=self._on_bytes,
                )
                try:
                    transfer.run(patience)
                except Refused as error:
                    raise self._explained(error, file) from error
                except EngineError as error:
                    if error.kind is FailureKind.CORRUPT_FILE:
                        self._refuse_a_moved(site, patience)
                    raise
                fetched += transfer.fetched
                part.replace(whole)
                self._state.etags.pop(file.path, None)
        self._tell("finishing")
        return fetched

    def _left(self) -> list[RepoFile]:
        """Return the files that are still to be fetched."""
        files = self._plan.files
        return [f for f in files if f.path not in self._there and not self._plan.whole(f).exists()]

    def _refuse_a_moved(self, site: Site, patience: Patience) -> None:
        """Raise EngineError where a branch has moved on, away from what the plan was made of.

        ModelScope is asked for a branch: it gives no listed commit out by its name.
        """
        plan = self._plan
        left = self._left()
        if plan.source is not Source.MODELSCOPE or not left:
            return
        now = patiently(lambda: site.listing(plan.repo, plan.revision), patience).files
        if changed := [file.path for file in left if file not in now]:
            words = (
                f"“{plan.repo}” has changed on {plan.source.label} since it was looked up "
                f"(“{changed[0]}”). Look the model up again: files that stayed the same are kept."
            )
            raise EngineError(FailureKind.NOT_FOUND, words)

    def _on_etag(self, etag: str) -> None:
        self._state.etags[self._file] = etag
        save_state(self._state)

    def _on_bytes(self, more: int) -> None:
        self._done += more
        self._stage = "downloading"

    def _on_wait(self, words: str, seconds: float) -> None:
        self._tell("waiting", f"{words}; next try in {seconds:.0f} s")

    def _tell(self, stage: str, words: str = "") -> None:
        self._stage = stage
        self._report.progress(stage, self._done, self._plan.total, words or self._file)

    def _keep_telling(self) -> None:
        while not self._ended.wait(_TELL_S):
            if self._stage == "downloading":
                self._tell("downloading")

    def _explained(self, error: Refused, file: RepoFile) -> EngineError:
        plan = self._plan
        if error.code in (401, 403):
            gated = error.gated or plan.gated
            return refused(plan.source, plan.endpoint, plan.repo, error.code, gated=gated)
        if error.code in (404, 410):
            words = f"“{file.path}” is no longer in “{plan.repo}”. Look the model up again."
            return EngineError(FailureKind.NOT_FOUND, words, str(error))
        words = f"“{file.path}” cannot be fetched: {error}."
        return EngineError(FailureKind.NETWORK, words)


def _refuse_bad_names(plan: DownloadPlan) -> None:
    bad = [file.path for file in plan.files if not is_safe_path(file.path)]
    if not is_repo(plan.repo):
        bad.append(plan.repo)
    if bad:
        words = f"“{bad[0]}” is a name that phidesk does not write to a disk."
        raise EngineError(FailureKind.UNSUPPORTED, words)


@contextmanager
def _plainly(plan: DownloadPlan) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        folder = Path(plan.folder)
        if is_disk_full(error):
            free = free_bytes(folder) or 0
            left = plan.total - kept_bytes(plan)
            raise EngineError(
                FailureKind.DISK_FULL,
                f"The disk of “{folder}” is full ({exact_size(free)} free), and "
                f"{exact_size(left)} are still to come. What is there is kept: free some space "
                "and resume.",
                str(error),
            ) from error
        name = error.filename or folder
        words = f"“{name}” cannot be used: {error.strerror or error}. Choose another models folder."
        raise EngineError(FailureKind.MISSING_FILE, words, str(error)) from error
