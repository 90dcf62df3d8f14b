"""The job of a download: check, fetch file by file, and only then put the model in its place."""

import shutil
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from phidesk.core import jobs
from phidesk.core.downloads import (
    DownloadPlan,
    DownloadState,
    disk_problem,
    free_bytes,
    kept_bytes,
    load_state,
    save_state,
)
from phidesk.core.hub import RepoFile, is_repo, takes_token
from phidesk.core.hub_files import SAFETENSORS, is_safe_path
from phidesk.core.origin import Origin, read_origin, write_origin
from phidesk.protocol.commands import Download
from phidesk.protocol.events import Downloaded, FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.failures import is_disk_full
from phidesk.worker.hub.checksum import is_whole
from phidesk.worker.hub.sites import make_site, refused
from phidesk.worker.hub.transfer import Refused, Transfer
from phidesk.worker.hub.web import WAITS_S, Patience, make_client
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
        there = _already_there(plan, report)
        if problem := disk_problem(_without(plan, there)):
            raise EngineError(FailureKind.DISK_FULL, problem)
        plan.partial.mkdir(parents=True, exist_ok=True)
        try:
            with jobs.locked(plan.out):
                fetched = _Fetching(command, there, report).run()
                _put_in_place(plan)
        except BlockingIOError as error:
            words = f"“{plan.name}” is being downloaded by another phidesk at this moment."
            raise EngineError(FailureKind.UNSUPPORTED, words) from error
        shutil.rmtree(plan.partial, ignore_errors=True)
    report.send(
        Downloaded(
            job_id=command.job_id,
            path=str(_opened_as(plan)),
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
        self._state = DownloadState(plan=plan, etags=_adopted(plan))
        save_state(self._state)
        self._done = kept_bytes(plan) + sum(f.size for f in plan.files if f.path in there)
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
            for file in self._plan.files:
                whole, part = self._plan.whole(file), self._plan.part(file)
                if file.path in self._there or whole.exists():
                    continue
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
                fetched += transfer.fetched
                part.replace(whole)
                self._state.etags.pop(file.path, None)
        self._tell("finishing")
        return fetched

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


def _already_there(plan: DownloadPlan, report: Reporter) -> set[str]:
    """Return the files that are in the model's folder already.

    A file of that name that came from elsewhere is not overwritten.
    """
    origin = read_origin(plan.target) if plan.target.is_dir() else None
    ours = origin.files if origin is not None and origin.repo == plan.repo else {}
    there: set[str] = set()
    for file in plan.files:
        path = plan.target / file.path
        if not path.exists():
            continue
        report.progress("checking", text=file.path)
        if is_whole(path, file):
            there.add(file.path)
        elif file.path not in ours:
            words = f"“{path}” is another file of the same name. Move or rename “{plan.target}”."
            raise EngineError(FailureKind.UNSUPPORTED, words)
    return there


def _without(plan: DownloadPlan, there: set[str]) -> DownloadPlan:
    left = tuple(file for file in plan.files if file.path not in there)
    return msgspec.structs.replace(plan, files=left)


def _adopted(plan: DownloadPlan) -> dict[str, str]:
    """Return the ETags of an earlier run's parts; those of files that have changed are deleted."""
    earlier = load_state(plan.partial, Path(plan.folder))
    before = {file.path: file for file in earlier.plan.files} if earlier else {}
    for file in plan.files:
        if before.get(file.path) != file:
            plan.whole(file).unlink(missing_ok=True)
            plan.part(file).unlink(missing_ok=True)
    same = {file.path for file in plan.files if before.get(file.path) == file}
    return {path: etag for path, etag in (earlier.etags if earlier else {}).items() if path in same}


def _put_in_place(plan: DownloadPlan) -> None:
    """Give the files their names: a new folder in one step, or one by one beside what is there."""
    files = plan.partial / "files"
    before = read_origin(plan.target) if plan.target.is_dir() else None
    kept = before.files if before is not None and before.repo == plan.repo else {}
    origin = Origin(
        source=plan.source,
        endpoint=plan.endpoint,
        repo=plan.repo,
        commit=plan.commit,
        licence=plan.licence,
        files=kept | {file.path: file.sha256 or file.git_sha1 for file in plan.files},
    )
    if not plan.target.exists():
        write_origin(files, origin)
        files.rename(plan.target)
        return
    # First: whoever is killed in between finds out which files are its own.
    write_origin(plan.target, origin)
    for file in plan.files:
        if plan.whole(file).exists():
            path = plan.target / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            plan.whole(file).replace(path)
    stale = _outdated(plan, kept)
    for name in stale:
        (plan.target / name).unlink(missing_ok=True)
    if stale:
        for name in stale:
            del origin.files[name]
        write_origin(plan.target, origin)


def _outdated(plan: DownloadPlan, before: Collection[str]) -> list[str]:
    """Return the weights of an earlier commit that has them split into other parts."""
    if plan.variant != SAFETENSORS:
        return []
    names = {file.path for file in plan.files}
    return [name for name in before if name.endswith(".safetensors") and name not in names]


def _opened_as(plan: DownloadPlan) -> Path:
    """Return what the model is opened as: its folder, or the first GGUF file."""
    paths = [file.path for file in plan.files]
    if any(path.endswith(".safetensors") for path in paths):
        return plan.target
    return next((plan.target / path for path in paths if path.endswith(".gguf")), plan.target)


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
                f"The disk of “{folder}” is full ({free / 1e6:.0f} MB free), and "
                f"{left / 1e6:.0f} MB are still to come. What is there is kept: free some space "
                "and resume.",
                str(error),
            ) from error
        name = error.filename or folder
        words = f"“{name}” cannot be used: {error.strerror or error}. Choose another models folder."
        raise EngineError(FailureKind.MISSING_FILE, words, str(error)) from error
