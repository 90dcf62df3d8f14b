"""Words for the engine environments."""

from PySide6.QtCore import QObject

from phidesk.core.engine_environments import EngineState, Environment, Flavour, Lock
from phidesk.ui.format import size
from phidesk.ui.quantize.wording import duration
from phidesk.viewmodels.engines import EnginesViewModel


def flavour_words(where: QObject, flavour: str) -> str:
    """Return what kind of machine a flavour is for."""
    words = {
        Flavour.CPU_LINUX.value: where.tr("for the processor (Linux)"),
        Flavour.NVIDIA_LINUX.value: where.tr("for an NVIDIA graphics card (Linux)"),
        Flavour.APPLE.value: where.tr("for Macs with an Apple chip"),
    }
    return words.get(flavour, flavour or where.tr("none for this kind of machine"))


def state_words(where: QObject, engines: EnginesViewModel) -> str:
    """Return what there is, in one line."""
    if engines.lock is None:
        return where.tr("Not available for this kind of machine yet")
    match engines.state:
        case EngineState.MISSING:
            return where.tr("Not installed")
        case EngineState.INTERRUPTED:
            return where.tr("An install was broken off: it can go on")
        case EngineState.INSTALLED:
            return where.tr("Installed")
        case EngineState.OUTDATED:
            return where.tr("Installed; newer ones belong to this phidesk")
        case EngineState.OTHER:
            return where.tr("Installed, but for another kind of machine than this one")
        case EngineState.DAMAGED:
            return where.tr("Damaged: files of it are gone")


def running_words(where: QObject, engines: EnginesViewModel, running: Environment) -> str:
    """Return what the Python that phidesk runs in has of the engines."""
    if engines.takes_chosen and engines.environments.chosen is not None:
        return where.tr("Not used: you chose another Python, which is below")
    if engines.lacks:
        words = where.tr("Missing here: {0}. To install it: {1}")
        return words.format(", ".join(engines.lacks), "pip install 'phidesk[engine]'")
    there = ", ".join(f"{name} {number}" for name, number in running.packages)
    return where.tr("Used: {0}").format(there)


def need_words(where: QObject, lock: Lock, free: int) -> str:
    """Return what an install takes."""
    words = where.tr("{0} to download, {1} on the disk, where {2} are free.")
    return words.format(size(lock.download), size(lock.needed_bytes), size(free))


def environment_words(where: QObject, environment: Environment) -> str:
    """Return what an environment is and takes."""
    parts = [where.tr("Python {0}").format(environment.version)]
    parts += [f"{name} {number}" for name, number in environment.packages]
    if environment.size:
        parts.append(size(environment.size))
    return " · ".join(parts)


def progress_words(where: QObject, engines: EnginesViewModel) -> str:
    """Return how far an install is, in one line."""
    step = engines.step
    if step is None or step.stage == "prepare":
        return where.tr("Preparing…")
    if step.stage == "test":
        return where.tr("Trying the new engines: the starter model answers in them…")
    if step.stage == "done":
        return where.tr("Done")
    words = where.tr("Downloading and unpacking · {0} of {1}")
    parts = [words.format(size(step.done), size(step.total))]
    if step.remaining_s is not None:
        parts.append(where.tr("{0} left").format(duration(where, step.remaining_s)))
    return " · ".join(parts)
