"""Makes engines by name, so that a worker imports only the one that it needs."""

import importlib
import logging

from phidesk.core.engine_python import way_to_install
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import Engine, EngineError

BUILT_IN = {
    "llamacpp": "phidesk.worker.engines.llamacpp:LlamaCppEngine",
    "vllm": "phidesk.worker.engines.vllm_entry:VllmEngine",
    "transformers": "phidesk.worker.engines.transformers_engine:TransformersEngine",
}

_log = logging.getLogger(__name__)


def make_engine(engines: dict[str, str], name: str) -> Engine:
    """Import and make an engine; raises EngineError where it is unknown or not installed."""
    if name not in engines:
        raise EngineError(FailureKind.ENGINE_MISSING, f"There is no engine “{name}”.")
    module, _, class_name = engines[name].partition(":")
    try:
        made: Engine = getattr(importlib.import_module(module), class_name)()
    except ImportError as error:
        extra = "vllm" if name == "vllm" else "engine"
        raise EngineError(
            FailureKind.ENGINE_MISSING,
            f"The engine “{name}” cannot be imported here ({error}). {way_to_install(extra)}",
        ) from error
    return made


def preload(engines: dict[str, str], name: str) -> None:
    """Import an engine's libraries before they are asked for; a failure waits for the load."""
    module, _, _ = engines.get(name, "").partition(":")
    try:
        importlib.import_module(module)
    except Exception as error:
        _log.warning("could not import the engine %s ahead of time: %s", name, error)
