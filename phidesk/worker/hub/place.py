"""Where the files of a download lie: what is there already, what can be gone on with, its place."""

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from phidesk.core.downloads import DownloadPlan, load_state
from phidesk.core.files import UPDATING_FILE, size_of
from phidesk.core.hub import RepoFile
from phidesk.core.hub_files import SAFETENSORS
from phidesk.core.origin import Origin, read_origin, write_origin
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.hub.checksum import is_whole
from phidesk.worker.reporter import Reporter

_LOCK_FILE = ".phidesk-lock"


def already_there(plan: DownloadPlan, report: Reporter) -> set[str]:
    """Return the files that are in the model's folder already.

    Raises EngineError for one that came from elsewhere, or was changed: it is not overwritten.
    """
    ours = _ours(plan)
    there: set[str] = set()
    for file in plan.files:
        path = plan.target / file.path
        if not path.exists():
            continue
        report.progress("checking", text=file.path)
        if is_whole(path, file):
            there.add(file.path)
        elif not _is_as_noted(path, ours.get(file.path)):
            raise _foreign(plan, path)
    return there


def adopted_etags(plan: DownloadPlan) -> dict[str, str]:
    """Return the ETags of an earlier run's parts; those of files that have changed are deleted."""
    earlier = load_state(plan.partial, Path(plan.folder))
    before = {file.path: file for file in earlier.plan.files} if earlier else {}
    for file in plan.files:
        if before.get(file.path) != file:
            plan.whole(file).unlink(missing_ok=True)
            plan.part(file).unlink(missing_ok=True)
    same = {file.path for file in plan.files if before.get(file.path) == file}
    return {path: etag for path, etag in (earlier.etags if earlier else {}).items() if path in same}


def put_in_place(plan: DownloadPlan) -> None:
    """Give the files their names: a new folder in one step, or one by one beside what is there.

    Whoever is killed in between leaves a mark, with which no picker takes the model for whole.
    Raises EngineError where another file has come to lie there meanwhile.
    """
    with _alone(plan):
        if not plan.target.exists():
            _note(plan, plan.partial / "files", _checksums(plan))
            (plan.partial / "files").rename(plan.target)
            return
        ours = _ours(plan)
        come = [file for file in plan.files if plan.whole(file).exists()]
        for file in come:
            path, noted = plan.target / file.path, ours.get(file.path)
            if path.exists() and not (_is_as_noted(path, noted) or is_whole(path, file)):
                raise _foreign(plan, path)
        _replace_files(plan, come, ours)


def _replace_files(plan: DownloadPlan, come: Collection[RepoFile], ours: dict[str, str]) -> None:
    folders: dict[Path, set[str]] = {}
    for file in plan.files:
        path = plan.target / file.path
        folders.setdefault(path.parent, set()).add(path.name)
    for folder, names in folders.items():
        folder.mkdir(parents=True, exist_ok=True)
        _mark(folder, _marks(folder) | names)
    # First: whoever is killed in between finds out which files are its own, old ones or new.
    _note(plan, plan.target, ours | {file.path: "" for file in come})
    for file in come:
        plan.whole(file).replace(plan.target / file.path)
    stale = _outdated(plan, ours)
    for name in stale:
        if _is_as_noted(plan.target / name, ours[name]):
            (plan.target / name).unlink(missing_ok=True)
    kept = {name: checksum for name, checksum in ours.items() if name not in stale}
    _note(plan, plan.target, kept | _checksums(plan))
    for folder, names in folders.items():
        _mark(folder, {name for name in _marks(folder) - names if (folder / name).exists()})


def _ours(plan: DownloadPlan) -> dict[str, str]:
    """Return what of the model's folder came from the repository, each with its checksum."""
    origin = read_origin(plan.target) if plan.target.is_dir() else None
    return origin.files if origin is not None and origin.repo == plan.repo else {}


def _checksums(plan: DownloadPlan) -> dict[str, str]:
    return {file.path: file.sha256 or file.git_sha1 for file in plan.files}


def _note(plan: DownloadPlan, folder: Path, files: dict[str, str]) -> None:
    origin = Origin(
        source=plan.source,
        endpoint=plan.endpoint,
        repo=plan.repo,
        commit=plan.commit,
        licence=plan.licence,
        files=files,
    )
    write_origin(folder, origin)


def _is_as_noted(path: Path, checksum: str | None) -> bool:
    """Return whether a file is what the note says; "": the note says nothing but its name."""
    if not checksum:
        return checksum is not None
    is_sha256 = len(checksum) == 64
    noted = RepoFile(
        path=path.name,
        size=size_of(path),
        sha256=checksum if is_sha256 else "",
        git_sha1="" if is_sha256 else checksum,
    )
    return is_whole(path, noted)


def _foreign(plan: DownloadPlan, path: Path) -> EngineError:
    words = (
        f"“{path}” was changed, or is another file of the same name: it is not overwritten. "
        f"Move or rename “{plan.target}”."
    )
    return EngineError(FailureKind.UNSUPPORTED, words)


def _marks(folder: Path) -> set[str]:
    """Return the names of files there that a download has begun, and not ended, to replace.

    Not the download's own: another one that brings the same files makes the model whole as well.
    """
    mark = folder / UPDATING_FILE
    return set(mark.read_text("utf-8", "replace").splitlines()) if mark.exists() else set()


def _mark(folder: Path, names: Collection[str]) -> None:
    mark = folder / UPDATING_FILE
    if names:
        mark.write_text("\n".join(sorted(names)), "utf-8")
    else:
        mark.unlink(missing_ok=True)


@contextmanager
def _alone(plan: DownloadPlan) -> Iterator[None]:
    """Wait for other workers that put files into the same folder of models."""
    with (Path(plan.folder) / _LOCK_FILE).open("a") as file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def opened_as(plan: DownloadPlan) -> Path:
    """Return what the model is opened as: its folder, or the first GGUF file."""
    paths = [file.path for file in plan.files]
    if any(path.endswith(".safetensors") for path in paths):
        return plan.target
    return next((plan.target / path for path in paths if path.endswith(".gguf")), plan.target)


def _outdated(plan: DownloadPlan, before: Collection[str]) -> list[str]:
    """Return the files of an earlier commit that this one no longer has.

    Only the safetensors bring all that is no GGUF file: an old template or index would be used.
    """
    if plan.variant != SAFETENSORS:
        return []
    names = {file.path for file in plan.files}
    return [name for name in before if name not in names and not name.lower().endswith(".gguf")]
