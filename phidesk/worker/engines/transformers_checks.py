"""Refuses what the Transformers engine cannot or may not load, before it is touched.

Nothing here imports torch: a refusal comes at once.
"""

import json
from collections.abc import Container
from pathlib import Path
from typing import Any

import msgspec

from phidesk.core import safetensors
from phidesk.core.checkpoint import NO_TOKENIZER, has_tokenizer
from phidesk.core.models import Concern, ModelFormat, ModelRef
from phidesk.core.trust import code_names, shortened
from phidesk.protocol.commands import LoadModel
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.template_check import check_templates


def check_trust(spec: LoadModel, built_in: Container[str], version: str) -> None:
    """Refuse pickles, odd templates, and code unless Transformers can do without it.

    built_in: the model types that Transformers itself implements.
    Raises EngineError(UNSUPPORTED, REMOTE_CODE or ODD_TEMPLATE). Code is never run in any case.
    """
    model = spec.model
    if Concern.PICKLE in model.concerns:
        raise EngineError(
            FailureKind.UNSUPPORTED,
            f"The weights of “{model.name}” are pickles, which can run code when they are read. "
            "phidesk reads safetensors only: get the model in that format, or convert it first, "
            "for example with the Space safetensors/convert of Hugging Face.",
        )
    if Concern.REMOTE_CODE in model.concerns:
        _check_code(spec, built_in, version)
    check_templates(spec)


def check_draft(spec: LoadModel, draft: ModelRef, built_in: Container[str], version: str) -> None:
    """Refuse a draft model as check_trust does; what was agreed to was the other model.

    Raises EngineError(UNSUPPORTED) where it would have to be asked for: nobody can agree to it.
    """
    try:
        check_trust(
            msgspec.structs.replace(spec, model=draft, without_code=False), built_in, version
        )
    except EngineError as error:
        if not error.kind.needs_consent:
            raise
        raise EngineError(
            FailureKind.UNSUPPORTED,
            f"“{draft.name}” cannot guess for “{spec.model.name}”: it brings program code, or "
            "something odd in its chat template. Choose another draft model, or load without one.",
        ) from error


def check_files(model: ModelRef, built_in: Container[str], version: str) -> dict[str, Any]:
    """Return the folder's config.json once all of its files are there and whole.

    Returns {} for a GGUF file. Raises EngineError with the file's name.
    """
    if model.problem:
        missing = "missing" in model.problem or "No such file" in model.problem
        kind = FailureKind.MISSING_FILE if missing else FailureKind.CORRUPT_FILE
        raise EngineError(kind, _sentence(f"“{model.name}” cannot be loaded: {model.problem}"))
    path = Path(model.path)
    if model.format is ModelFormat.GGUF:
        _require(path, "the file is no longer there")
        return {}
    _require(path / "config.json", "copy it from the model's original repository")
    config = _read_json(path / "config.json")
    if not has_tokenizer(file.name for file in path.iterdir() if file.is_file()):
        raise EngineError(FailureKind.MISSING_FILE, f"“{model.name}” {NO_TOKENIZER}.")
    _check_weights(path)
    model_type = str(config.get("model_type", ""))
    if not model_type:
        raise EngineError(
            FailureKind.CORRUPT_FILE,
            f"The config.json of “{model.name}” names no model_type: copy it from the model's "
            "original repository.",
        )
    if model_type not in built_in:
        raise EngineError(
            FailureKind.UNSUPPORTED,
            f"Transformers {version} has no text generation for the architecture “{model_type}”. "
            "A newer version may: pip install --upgrade transformers.",
        )
    return config


def check_memory(model: ModelRef, needed: int, free: int, where: str) -> None:
    """Raise EngineError(OUT_OF_MEMORY) where the weights alone do not fit."""
    if needed > free:
        raise EngineError(
            FailureKind.OUT_OF_MEMORY,
            f"“{model.name}” needs about {needed / 1e9:.1f} GB, {free / 1e9:.1f} GB are free "
            f"{where}. Choose a smaller or quantized copy, or close other programs.",
        )


def _check_code(spec: LoadModel, built_in: Container[str], version: str) -> None:
    model = spec.model
    names = shortened(code_names(Path(model.path)))
    brings = (
        f"“{model.name}” brings program code ({names}). phidesk does not run it."
        if names
        else f"“{model.name}” brings program code. phidesk does not run it."
    )
    if model.architecture not in built_in:
        raise EngineError(
            FailureKind.UNSUPPORTED,
            f"{brings} Without it the model cannot be loaded: Transformers {version} has no "
            f"built-in support for “{model.architecture}”.",
        )
    if not spec.without_code:
        raise EngineError(
            FailureKind.REMOTE_CODE,
            f"{brings} Transformers {version} has “{model.architecture}” built in: "
            "load the model without its code if you agree.",
        )


def _check_weights(path: Path) -> None:
    index = path / "model.safetensors.index.json"
    if index.is_file():
        shards = set(_read_json(index).get("weight_map", {}).values())
        for name in sorted(shards):
            _require(path / name, "get this part of the weights again")
    files = sorted(path.glob("*.safetensors"))
    if not files:
        raise EngineError(
            FailureKind.MISSING_FILE, f"There are no *.safetensors files in “{path.name}”."
        )
    for file in files:
        try:
            safetensors.read_head(file)
        except safetensors.SafetensorsError as error:
            raise EngineError(
                FailureKind.CORRUPT_FILE, _sentence(f"{file.name}: {error}. Get the file again")
            ) from error


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())  # not msgspec: config files may hold Infinity
    except ValueError as error:
        raise EngineError(
            FailureKind.CORRUPT_FILE, f"{path.name} cannot be read: {error}. Get the file again."
        ) from error
    return found if isinstance(found, dict) else {}


def _require(path: Path, way_out: str) -> None:
    if not path.is_file():
        raise EngineError(FailureKind.MISSING_FILE, f"{path.name} is missing: {way_out}.")


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
