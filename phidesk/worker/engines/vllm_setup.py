"""Imports vLLM tamed for a desktop: in this process, silent, and on loopback only.

Its settings are environment variables, read when it is imported: this module comes first.
"""

import logging
import os
from importlib.metadata import entry_points

from phidesk.core.engines import PLUGIN_SINCE, vllm_device, vllm_version
from phidesk.core.models import Device

_PLUGIN_GROUP = "vllm.general_plugins"


def _plugins() -> str:
    """Name the plugins that may be loaded: not those whose format this vLLM still has itself."""
    names = [
        entry.name
        for entry in entry_points(group=_PLUGIN_GROUP)
        if vllm_version() >= PLUGIN_SINCE.get(entry.value.partition(".")[0].partition(":")[0], (0,))
    ]
    return ",".join(names)


os.environ.update(
    {
        "VLLM_ENABLE_V1_MULTIPROCESSING": "0",  # starts twice as fast, and leaves no orphan
        "VLLM_HOST_IP": "127.0.0.1",  # its rendezvous would listen to the network otherwise
        "VLLM_LOOPBACK_IP": "127.0.0.1",
        "GLOO_SOCKET_IFNAME": "lo",
        "NCCL_SOCKET_IFNAME": "lo",
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",  # as NVML counts
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_DO_NOT_TRACK": "1",
        "VLLM_PLUGINS": _plugins(),
        "VLLM_WORKER_MULTIPROC_METHOD": "spawn",
        "VLLM_CONFIGURE_LOGGING": "0",
        # Both would compile or download at the start, which hangs without a network.
        "VLLM_USE_FLASHINFER_SAMPLER": "0",
        "VLLM_DEEP_GEMM_WARMUP": "skip",
    }
)
if vllm_device() is Device.CPU:
    # Its threads wait for each other many times a token: with one for each core, any other
    # program that runs makes them ten times slower.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) - 1)))

import vllm  # noqa: E402
from vllm import EngineArgs, SamplingParams  # noqa: E402
from vllm.sampling_params import RequestOutputKind, StructuredOutputsParams  # noqa: E402
from vllm.v1.engine.llm_engine import LLMEngine  # noqa: E402

VERSION = str(vllm.__version__)


def _as_information(record: logging.LogRecord) -> bool:
    record.levelno, record.levelname = logging.INFO, "INFO"
    return True


# Pages of its settings and batches, which explain an error to those who write vLLM.
logging.getLogger("vllm.logging_utils.dump_input").addFilter(_as_information)
_handler = logging.StreamHandler()
_handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
logging.getLogger("vllm").addHandler(_handler)
logging.getLogger("vllm").setLevel(logging.INFO)

__all__ = [
    "VERSION",
    "EngineArgs",
    "LLMEngine",
    "RequestOutputKind",
    "SamplingParams",
    "StructuredOutputsParams",
]
