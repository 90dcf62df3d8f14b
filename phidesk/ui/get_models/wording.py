"""Words for what is found, and for downloads."""

from PySide6.QtCore import QObject

from phidesk.core.hub import RepoSummary
from phidesk.core.hub_files import SAFETENSORS, Variant
from phidesk.ui.format import size
from phidesk.ui.language import counted
from phidesk.ui.quantize.wording import duration
from phidesk.viewmodels.download_item import DownloadItem, DownloadState
from phidesk.viewmodels.words import in_words


def count_words(count: int) -> str:
    """Return a large number as people say it: 1.2M, 34k."""
    for unit, name in ((10**9, "B"), (10**6, "M"), (10**3, "k")):
        if count >= unit:
            value = count / unit
            return f"{value:.1f}{name}" if value < 10 else f"{value:.0f}{name}"
    return str(count)


def facts_of(where: QObject, repo: RepoSummary) -> str:
    """Return what is known of a model before its files are listed."""
    parts = [" + ".join({"gguf": "GGUF"}.get(f, f) for f in repo.formats)]
    if repo.parameters:
        parts.append(where.tr("{0} parameters").format(count_words(repo.parameters)))
    if repo.size_bytes:
        parts.append(size(repo.size_bytes))
    parts.append(repo.licence)
    if repo.downloads:
        words = where.tr("{0} downloads", None, counted(repo.downloads))
        parts.append(words.format(count_words(repo.downloads)))
    if repo.likes:
        parts.append(
            where.tr("{0} likes", None, counted(repo.likes)).format(count_words(repo.likes))
        )
    return " · ".join(part for part in parts if part)


def variant_words(where: QObject, variant: Variant) -> tuple[str, str]:
    """Return a variant's name and what it is made of."""
    name = where.tr("Original (safetensors)") if variant.name == SAFETENSORS else variant.name
    count = len(variant.weights)
    parts = where.tr("{0} parts, ").format(count) if count > 1 else ""
    return name, f"{parts}{size(variant.size)}"


def progress_words(where: QObject, item: DownloadItem) -> str:
    """Return how far a download is, in one line."""
    done = where.tr("{0} of {1}").format(size(item.done), size(item.total))
    match item.state:
        case DownloadState.WAITING:
            return where.tr("Waits for its turn · {0}").format(
                done if item.done else size(item.total)
            )
        case DownloadState.PAUSED:
            return where.tr("Paused · {0}").format(done)
        case DownloadState.STOPPING:
            return where.tr("Stopping… · {0}").format(done)
        case DownloadState.REMOVING:
            return where.tr("Deleting what came…")
        case DownloadState.FAILED:
            return where.tr("Stopped · {0}").format(done)
        case DownloadState.DONE:
            return where.tr("Done · {0}").format(size(item.total))
        case DownloadState.RUNNING:
            return _running_words(where, item, done)


def _running_words(where: QObject, item: DownloadItem, done: str) -> str:
    match item.stage:
        case "waiting":
            return f"{done} · {in_words(item.text)}"
        case "checking":
            return where.tr("Checking what is there… · {0}").format(done)
        case "finishing":
            return where.tr("Putting it in place…")
        case "start":
            return where.tr("Starting… · {0}").format(done)
    parts = [done]
    if item.speed:
        parts.append(where.tr("{0}/s").format(size(item.speed)))
    if item.remaining_s is not None:
        parts.append(where.tr("{0} left").format(duration(where, item.remaining_s)))
    return " · ".join(parts)
