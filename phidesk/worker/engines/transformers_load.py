"""Reads a model's files into a Transformers model and its tokenizer."""

import time
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import msgspec
import psutil
import torch
import transformers
from huggingface_hub.errors import StrictDataclassError
from safetensors import SafetensorError
from transformers import (
    AutoModelForCausalLM,
    AutoRoundConfig,
    AutoTokenizer,
    GenerationConfig,
)
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES as BUILT_IN

from phidesk.core.load_options import Place
from phidesk.core.models import Device, ModelFormat, ModelRef
from phidesk.core.number_formats import matrix_shape, needed_bytes
from phidesk.protocol.commands import LoadModel
from phidesk.protocol.events import FailureKind, Loaded
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.dtype import asked_dtype, choose_device, choose_dtype, label
from phidesk.worker.engines.transformers_checks import (
    check_files,
    check_memory,
    check_trust,
)
from phidesk.worker.engines.transformers_figures import (
    context_length,
    kernel,
    kv_bytes,
    weights_bytes,
)
from phidesk.worker.failures import is_out_of_memory
from phidesk.worker.reporter import Reporter


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A model ready to generate. ends: the token ids that end an answer."""

    model: Any
    tokenizer: Any
    device: Any
    context: int
    ends: frozenset[int]
    loaded: Loaded


def open_model(spec: LoadModel, report: Reporter) -> Opened:
    """Check and load the model; raises EngineError for what is known to go wrong."""
    started = time.monotonic()
    version = transformers.__version__
    transformers.utils.logging.set_verbosity_error()
    check_trust(spec, BUILT_IN, version)
    config = check_files(spec.model, BUILT_IN, version)
    device = Device.CPU if spec.options.place is Place.CPU else choose_device()
    _avoid_slow_attention()
    dtype: Any = "auto"  # quantization methods know what they compute in
    if spec.model.format is ModelFormat.GGUF or not spec.model.method:
        dtype = asked_dtype(spec.options) or _dtype(spec.model, device, config)
    element_size = dtype.itemsize if dtype != "auto" else 2
    free, where = _free_memory(device)
    if not spec.anyway:
        check_memory(spec.model, needed_bytes(spec.model, element_size), free, where)
    with plain_words(spec.model.name), warnings.catch_warnings(), _reading(spec.model):
        warnings.simplefilter("ignore")
        report.progress("tokenizer")
        tokenizer = _load_tokenizer(spec.model)
        report.progress("weights")
        with report.tqdm_as_progress("weights"):
            model = _load_weights(spec.model, device, dtype)
        ends = _use_our_sampling(model, tokenizer)
        context = context_length(spec, model.config)
        report.progress("warm-up")
        _warm_up(model)
    return Opened(
        model=model,
        tokenizer=tokenizer,
        device=model.device,
        context=context,
        ends=ends,
        loaded=Loaded(
            job_id=spec.job_id,
            engine="transformers",
            engine_version=version,
            device=device,
            dtype=label(model.dtype),
            kernel=kernel(model) or label(model.dtype),
            context_length=context,
            load_s=time.monotonic() - started,
            weights_bytes=weights_bytes(model),
            kv_bytes=kv_bytes(model.config, context, model.dtype.itemsize),
        ),
    )


@contextmanager
def plain_words(name: str) -> Iterator[None]:
    """Turn the failures of the libraries that have a way out into EngineErrors."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise _out_of_memory(name, error) from error
    except SafetensorError as error:
        raise EngineError(
            FailureKind.CORRUPT_FILE, f"The weights of “{name}” cannot be read: {error}."
        ) from error
    except StrictDataclassError as error:
        raise EngineError(
            FailureKind.CORRUPT_FILE,
            f"The config.json of “{name}” says what cannot be: copy it from the model's original "
            "repository.",
            str(error),
        ) from error
    except ImportError as error:
        raise EngineError(
            FailureKind.ENGINE_MISSING,
            f"“{name}” needs a library that is not installed here: {error}",
        ) from error
    except RuntimeError as error:
        if is_out_of_memory(error):
            raise _out_of_memory(name, error) from error
        if "ignore_mismatched_sizes" in str(error):
            raise EngineError(
                FailureKind.CORRUPT_FILE,
                f"The config.json of “{name}” does not fit its weights: copy both from the same "
                "repository.",
            ) from error
        raise


def _dtype(model: ModelRef, device: Device, config: dict[str, Any]) -> Any:
    if device is not Device.CPU and model.quantization == "fp16":
        return torch.float16  # as it lies there: nothing is rounded
    dtype = choose_dtype(device, *matrix_shape(config))
    too_large = needed_bytes(model, 4) > _free_memory(device)[0]
    return torch.bfloat16 if dtype is torch.float32 and too_large else dtype


def _avoid_slow_attention() -> None:
    """Switch cuDNN's attention off; flash attention takes its place.

    cuDNN builds a plan for each length of the KV cache, anew in every thread: 50 ms a token for
    all lengths that a thread has not seen, so that a chat on an H100 ran at 15 tok/s, not 55.
    """
    if hasattr(torch.backends.cuda, "enable_cudnn_sdp"):
        torch.backends.cuda.enable_cudnn_sdp(False)


def _free_memory(device: Device) -> tuple[int, str]:
    if device is Device.CUDA:
        return int(torch.cuda.mem_get_info()[0]), "on the graphics card"
    return int(psutil.virtual_memory().available), "in memory"


def _load_tokenizer(model: ModelRef) -> Any:
    where, more = _files(model)
    try:
        return AutoTokenizer.from_pretrained(
            where, local_files_only=True, trust_remote_code=False, **more
        )
    except ValueError as error:
        if "custom code" in str(error):
            raise EngineError(
                FailureKind.UNSUPPORTED,
                f"The tokenizer of “{model.name}” is program code. phidesk does not run it.",
            ) from error
        if "not supported yet" in str(error):
            raise _unknown_architecture(model) from error
        raise EngineError(
            FailureKind.CORRUPT_FILE,
            f"The tokenizer of “{model.name}” cannot be read: copy the tokenizer files from the "
            "model's original repository.",
            str(error),
        ) from error


def _load_weights(model: ModelRef, device: Device, dtype: Any) -> Any:
    where, more = _files(model)
    if model.format is ModelFormat.GGUF:
        # Transformers before 5.19 always dequantizes and has no such class.
        if (config := getattr(transformers, "GgufConfig", None)) is not None:
            more["quantization_config"] = config(dequantize=True)
    elif model.method in ("gptq", "awq"):
        more["quantization_config"] = AutoRoundConfig()  # its kernels instead of gptqmodel's
    loaded, info = AutoModelForCausalLM.from_pretrained(
        where,
        dtype=dtype,
        device_map={"": torch.device(device, 0) if device is Device.CUDA else device.value},
        use_safetensors=True,
        trust_remote_code=False,
        local_files_only=True,
        output_loading_info=True,
        **more,
    )
    if missing := sorted(info["missing_keys"]):
        # Transformers would fill them with random numbers and let the model talk nonsense.
        raise EngineError(
            FailureKind.CORRUPT_FILE,
            f"{len(missing)} of the weights of “{model.name}” are in none of its files (the first "
            f"is {missing[0]}): a file is missing, or config.json belongs to another model.",
        )
    return loaded.eval()


def _reading(model: ModelRef) -> AbstractContextManager[None]:
    if model.format is not ModelFormat.GGUF:
        return nullcontext()
    from phidesk.worker.engines.gguf_reading import quick_gguf

    return quick_gguf()


def _files(model: ModelRef) -> tuple[str, dict[str, Any]]:
    if model.format is ModelFormat.GGUF:
        path = Path(model.path)
        return str(path.parent), {"gguf_file": path.name}
    return model.path, {}


def _use_our_sampling(model: Any, tokenizer: Any) -> frozenset[int]:
    """Drop the model's own sampling defaults; returns the ids that end an answer."""
    theirs = model.generation_config
    found = theirs.eos_token_id
    ends = set(found) if isinstance(found, (list, tuple)) else {found}
    ends = {end for end in ends | {tokenizer.eos_token_id} if end is not None}
    pad = theirs.pad_token_id if theirs.pad_token_id is not None else min(ends, default=None)
    model.generation_config = GenerationConfig(
        eos_token_id=sorted(ends) or None, pad_token_id=pad, bos_token_id=theirs.bos_token_id
    )
    return frozenset(ends)


def _warm_up(model: Any) -> None:
    """Compute two tokens, so that a kernel which cannot run fails here and not in the chat."""
    with torch.inference_mode():
        tokens = torch.zeros((1, 2), dtype=torch.long, device=model.device)
        past = model(tokens, use_cache=True).past_key_values
        model(tokens[:, :1], past_key_values=past, use_cache=True)


def _unknown_architecture(model: ModelRef) -> EngineError:
    return EngineError(
        FailureKind.UNSUPPORTED,
        f"Transformers {transformers.__version__} cannot read GGUF files of the architecture "
        f"“{model.architecture}”. llama.cpp may.",
    )


def _out_of_memory(name: str, error: BaseException) -> EngineError:
    return EngineError(
        FailureKind.OUT_OF_MEMORY,
        f"The memory ran out while working with “{name}”. Choose a shorter context, a smaller or "
        "quantized copy, or close other programs.",
        str(error),
    )
