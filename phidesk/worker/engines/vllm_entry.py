"""Where the vLLM engine is imported from: its settings come before torch."""

from phidesk.worker.engines import vllm_setup
from phidesk.worker.engines.vllm_engine import VllmEngine

__all__ = ["VllmEngine", "vllm_setup"]
