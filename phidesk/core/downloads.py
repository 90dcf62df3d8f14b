"""Unfinished downloads on disk: what they are, how far they came, and how they end.

A model is fetched into `<folder>/<owner>/<name>.<variant>.partial`, which no picker shows:
download.json says what it is to be, files/ holds whole files under their names, and those that
are not whole yet with `.part` behind it.
"""

import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec

from phidesk.core import jobs
from phidesk.core.amounts import exact_size
from phidesk.core.files import free_bytes, size_of
from phidesk.core.hub import RepoFile, RepoListing, Source
from phidesk.core.hub_files import Variant
from phidesk.core.writing import write_in_one_step

PART = ".part"
_STATE_FILE = "download.json"


class DownloadPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Some files of a repository at one commit, and the folder of models that they go to."""

    source: Source
    endpoint: str
    repo: str
    revision: str
    commit: str
    variant: str
    files: tuple[RepoFile, ...]
    folder: str
    licence: str = ""
    gated: bool = False

    @property
    def total(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def target(self) -> Path:
        """The folder that the model will be in."""
        return Path(self.folder) / self.repo

    @property
    def out(self) -> Path:
        """What the unfinished download is named after; see core.jobs.partial_of."""
        return self.target.with_name(f"{self.target.name}.{self._key}")

    @property
    def partial(self) -> Path:
        """The folder of the unfinished download."""
        return jobs.partial_of(self.out)

    @property
    def name(self) -> str:
        """What people call it: the repository, and the variant of a GGUF one."""
        return f"{self.repo} · {self.variant}" if self.variant else self.repo

    @property
    def _key(self) -> str:
        if self.variant:
            return self.variant.replace("/", "-")
        names = "\n".join(file.path for file in self.files)
        return hashlib.sha256(names.encode()).hexdigest()[:8]

    def whole(self, file: RepoFile) -> Path:
        """Return where a file lies once it is whole, until all are."""
        return self.partial / "files" / file.path

    def part(self, file: RepoFile) -> Path:
        """Return where a file grows."""
        path = self.whole(file)
        return path.with_name(path.name + PART)


class DownloadState(msgspec.Struct, kw_only=True):
    """What is written down of a download; etags: of the parts, by their paths."""

    plan: DownloadPlan
    etags: dict[str, str] = {}


def plan_of(listing: RepoListing, variant: Variant, folder: Path) -> DownloadPlan:
    """Return the plan of downloading a variant into a folder of models."""
    return DownloadPlan(
        source=listing.source,
        endpoint=listing.endpoint,
        repo=listing.repo,
        revision=listing.revision,
        commit=listing.commit,
        variant=variant.name,
        files=variant.files,
        folder=str(folder),
        licence=listing.licence,
        gated=listing.gated,
    )


def kept_bytes(plan: DownloadPlan, there: Collection[str] = ()) -> int:
    """Return how many bytes of a plan are on disk; there: its files in the model's folder."""
    return sum(
        file.size if file.path in there else size_of(plan.whole(file)) or size_of(plan.part(file))
        for file in plan.files
    )


def disk_problem(plan: DownloadPlan, promised: int = 0, there: Collection[str] = ()) -> str:
    """Return why the disk has no room for what is still to come.

    promised: bytes to other downloads; there: the plan's files in the model's folder.
    """
    needed = plan.total - kept_bytes(plan, there)
    folder = Path(plan.folder)
    free = free_bytes(folder)
    if free is None or needed + promised <= free:
        return ""
    wanted = exact_size(needed)
    if promised:
        wanted = f"{wanted} and {exact_size(promised)} for other downloads"
    return (
        f"“{plan.name}” still needs {wanted}, but the disk of “{folder}” "
        f"has {exact_size(free)} free. Free some space, or choose a smaller variant."
    )


def save_state(state: DownloadState) -> None:
    """Write the state in one step; raises OSError where that fails."""
    write_in_one_step(state.plan.partial / _STATE_FILE, msgspec.json.encode(state))


def load_state(partial: Path, folder: Path) -> DownloadState | None:
    """Return the state of an unfinished download in a folder of models; None: none is there."""
    try:
        data = (partial / _STATE_FILE).read_bytes()
        state = msgspec.json.decode(data, type=DownloadState)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    # The folder may have been moved.
    state.plan = msgspec.structs.replace(state.plan, folder=str(folder))
    return state if state.plan.partial == partial else None


def unfinished(folder: Path) -> list[DownloadPlan]:
    """Return the downloads in a folder of models that were broken off, and none that runs."""
    found: list[tuple[float, DownloadPlan]] = []
    try:
        partials = [*folder.glob(f"*{jobs.PARTIAL}"), *folder.glob(f"*/*{jobs.PARTIAL}")]
    except OSError:
        return []
    for partial in partials:
        state = load_state(partial, folder)
        if state is not None and not jobs.is_running(state.plan.out):
            found.append((partial.stat().st_mtime, state.plan))
    return [plan for _, plan in sorted(found, key=lambda pair: pair[0])]


def discard(plans: Sequence[DownloadPlan]) -> None:
    """Delete what unfinished downloads left; raises OSError where that fails."""
    for plan in plans:
        if plan.partial.exists():
            jobs.discard(plan.out)
            # The owner's folder may have been made for this alone.
            if plan.target.parent != Path(plan.folder) and not any(plan.target.parent.iterdir()):
                plan.target.parent.rmdir()
