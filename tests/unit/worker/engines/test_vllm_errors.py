"""vLLM's failures in words, and whether another engine is to try."""

import pytest

from phidesk.core.chat import Structure
from phidesk.core.load_options import KvDtype, LoadOptions, Speculation
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.vllm_errors import load_error, request_error
from phidesk.worker.engines.vllm_loop import EngineBrokenError

MODEL = ModelRef(name="Tiny", path="/tiny", format=ModelFormat.SAFETENSORS)
FP8 = LoadOptions(kv_dtype=KvDtype.FP8)
NGRAM = LoadOptions(speculation=Speculation.NGRAM)
DRAFT = LoadOptions(speculation=Speculation.DRAFT, draft_model="/draft")
OFFLOAD = LoadOptions(cpu_offload_bytes=10**9)


@pytest.mark.parametrize(
    ("said", "options", "kind", "words"),
    [
        (
            "To serve at least one request, (2.0 GiB KV cache is needed, larger than 1.0 GiB). "
            "The estimated maximum model length is 512.",
            None,
            FailureKind.OUT_OF_MEMORY,
            "a KV cache of 2.0 GiB, which is more than there is (room for 512 tokens)",
        ),
        (
            "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of "
            "8.00 GiB of which 1.00 GiB is free",
            None,
            FailureKind.OUT_OF_MEMORY,
            "“Tiny” was loaded (2.00 GiB more were needed, 1.00 GiB are free)",
        ),
        (
            "CUDA error: no kernel image is available for execution on the device",
            None,
            FailureKind.UNSUPPORTED,
            "without kernels for this GPU",
        ),
        (
            "Total number of attention heads (9) must be divisible by tensor parallel size (2).",
            LoadOptions(gpus=2),
            FailureKind.OPTION,
            "Total number of attention heads (9) must be divisible by tensor parallel size (2).",
        ),
        (
            "FP8 KV cache is not supported by this attention backend",
            FP8,
            FailureKind.OPTION,
            "cannot be kept in FP8 here: FP8 KV cache is not supported by this attention backend.",
        ),
        ("fp8e4nv not supported in this architecture", FP8, FailureKind.OPTION, "in FP8 here"),
        (
            "The target and draft model must have the same vocabulary",
            DRAFT,
            FailureKind.OPTION,
            "another vocabulary than “Tiny”",
        ),
        (
            "Speculative decoding is not supported with this backend.",
            NGRAM,
            FailureKind.OPTION,
            "Switch it off.",
        ),
        (
            "CPU offloading is not supported for this quantization.",
            OFFLOAD,
            FailureKind.OPTION,
            "Set that to 0.",
        ),
        # Not the options' fault, even where some are set.
        (
            "Model architectures ['Odd'] are not supported for now.",
            FP8,
            FailureKind.UNSUPPORTED,
            "vLLM cannot load “Tiny”: Model architectures ['Odd'] are not supported for now.",
        ),
        # No FP8 was asked for: it is the model's own, and another engine may read it.
        ("fp8 is not supported here", None, FailureKind.UNSUPPORTED, "fp8 is not supported"),
    ],
)
def test_a_load_that_fails_says_why(
    said: str, options: LoadOptions | None, kind: FailureKind, words: str
) -> None:
    found = load_error(ValueError(said), MODEL, options)
    assert isinstance(found, EngineError)
    assert found.kind is kind
    assert words in found.message
    assert said.split()[0] in found.details


def test_memory_that_ran_out_below_another_error() -> None:
    wrapped = RuntimeError("Engine core initialization failed. See root cause above.")
    wrapped.__cause__ = type("OutOfMemoryError", (RuntimeError,), {})("")
    found = load_error(wrapped, MODEL)
    assert isinstance(found, EngineError)
    assert found.kind is FailureKind.OUT_OF_MEMORY
    broken = EngineBrokenError("")
    broken.__cause__ = MemoryError()
    ended = request_error(broken, 1024)
    assert isinstance(ended, EngineError)
    assert ended.kind is FailureKind.OUT_OF_MEMORY
    assert "in the middle of an answer" in ended.message


def test_what_nobody_foresaw_stays_what_it_is() -> None:
    odd = KeyError("weights")
    assert load_error(odd, MODEL, FP8) is odd
    assert request_error(odd, 1024) is odd


@pytest.mark.parametrize(
    ("error", "structure", "kind", "words"),
    [
        (
            ValueError("The prompt is longer than the maximum model length of 1024."),
            None,
            FailureKind.CONTEXT_TOO_LONG,
            "the context of 1,024 tokens",
        ),
        (
            EngineBrokenError("a kernel failed"),
            None,
            FailureKind.WORKER_DIED,
            "vLLM's engine has stopped: a kernel failed. Load the model again.",
        ),
        (
            ValueError("Grammar error: at 1 (in regex): unclosed group"),
            Structure(regex="("),
            FailureKind.UNSUPPORTED,
            "The regular expression cannot be used: unclosed group.",
        ),
        (
            ValueError("top_k must be positive. It is -3."),
            None,
            FailureKind.UNSUPPORTED,
            "vLLM does not take this request: top_k must be positive.",
        ),
    ],
)
def test_an_answer_that_fails_says_why(
    error: Exception, structure: Structure | None, kind: FailureKind, words: str
) -> None:
    found = request_error(error, 1024, structure)
    assert isinstance(found, EngineError)
    assert found.kind is kind
    assert words in found.message
