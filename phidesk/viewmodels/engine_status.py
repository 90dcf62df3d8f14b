"""What the window sees of the engine: its state, and signals for what changes."""

from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from phidesk.core.engines import EngineName
from phidesk.protocol.events import Loaded, Progress, Stats
from phidesk.viewmodels.load_request import Failure, LoadRequest


class EngineState(StrEnum):
    """What the window can do with the engine."""

    EMPTY = "empty"
    LOADING = "loading"
    READY = "ready"
    EJECTING = "ejecting"
    FAILED = "failed"


class EngineStatus(QObject):
    """What is loaded, or why nothing is.

    fallback: why another engine than vLLM was taken in the end; "" where it was not.
    """

    state_changed = Signal()
    progress_changed = Signal()
    text_received = Signal(str, str)
    """job_id, text"""
    job_ended = Signal(object)
    """a Finished, Cancelled or Failed of a generation"""
    stats_changed = Signal()
    load_started = Signal(str)
    """what the log is about from now on"""
    log_received = Signal(str, str)
    """level, text"""
    load_refused = Signal(object)
    """a Failure; the model that is loaded stays"""
    memory_returned = Signal(object)
    """a MemoryReturn, after an eject"""
    failure_detailed = Signal()
    """`failure` now says what the end of the worker gave back"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = EngineState.EMPTY
        self.request: LoadRequest | None = None
        self.engine: EngineName | None = None
        self.fallback = ""
        self.loaded: Loaded | None = None
        self.progress: Progress | None = None
        self.stats: Stats | None = None
        self.failure: Failure | None = None
