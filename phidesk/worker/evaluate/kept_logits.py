"""The logits of an original model on disk, so that its copies can be compared with it.

A folder with one safetensors file a sequence: its tokens and the logits at each of them, in
the format in which the model made them. The metadata names the model and its vocabulary.
"""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any, Self

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from phidesk.core.amounts import exact_size
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.failures import is_disk_full


class LogitsWriter:
    """Writes to `<folder>.partial`, which becomes the folder when all went well."""

    def __init__(self, folder: Path, sequences: int, *, model: str, vocabulary: str) -> None:
        self._folder = folder
        self._partial = folder.with_name(folder.name + ".partial")
        self._sequences = sequences
        self._metadata = {"model": model, "vocabulary": vocabulary, "sequences": str(sequences)}
        self._count = 0

    def __enter__(self) -> Self:
        try:
            shutil.rmtree(self._partial, ignore_errors=True)
            self._partial.mkdir(parents=True)
        except OSError as error:
            raise _not_written(self._partial, error) from error
        return self

    def add(self, tokens: Any, logits: Any) -> None:
        """Keep one sequence: tokens (length,), logits (length, vocabulary).

        Raises EngineError where there is no room for it or, the first time, for all of them.
        """
        if self._count == 0:
            self._check_room(logits.numel() * logits.element_size() * self._sequences)
        path = _file(self._partial, self._count)
        tensors = {"tokens": tokens.cpu().contiguous(), "logits": logits.cpu().contiguous()}
        metadata = self._metadata | {"dtype": str(logits.dtype).removeprefix("torch.")}
        try:
            save_file(tensors, path, metadata)
        except (OSError, SafetensorError) as error:
            raise _not_written(self._partial, error) from error
        self._count += 1

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is not None:
            shutil.rmtree(self._partial, ignore_errors=True)
            return
        try:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._partial.rename(self._folder)
        except OSError as error:
            raise _not_written(self._folder, error) from error

    def _check_room(self, needed: int) -> None:
        try:
            free = shutil.disk_usage(self._partial).free
        except OSError as error:
            raise _not_written(self._partial, error) from error
        if needed > free:
            raise EngineError(
                FailureKind.DISK_FULL,
                f"What the original says needs {exact_size(needed)} in “{self._partial.parent}”, "
                f"{exact_size(free)} are free: free some, or take fewer or shorter sequences.",
            )


class KeptLogits:
    """Reads what a LogitsWriter wrote, sequence by sequence; raises EngineError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self._words(), safe_open(_file(folder, 0), framework="pt") as file:
            metadata = file.metadata() or {}
            self.vocabulary = metadata["vocabulary"]
            self.model = metadata["model"]
            self._sequences = int(metadata["sequences"])

    def __len__(self) -> int:
        return self._sequences

    def tokens(self, number: int) -> Any:
        """Return a sequence's token ids, (length,)."""
        return self._read(number, "tokens")

    def logits(self, number: int) -> Any:
        """Return a sequence's logits, (length, vocabulary), mapped from the file."""
        return self._read(number, "logits")

    def _read(self, number: int, name: str) -> Any:
        with self._words(), safe_open(_file(self._folder, number), framework="pt") as file:
            return file.get_tensor(name)

    def _words(self) -> "_Words":
        return _Words(self._folder)


class _Words:
    """Turns what reading a damaged or missing file raises into an EngineError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError | SafetensorError | KeyError | ValueError):
            raise EngineError(
                FailureKind.CORRUPT_FILE,
                f"What was kept of the original in “{self._folder}” cannot be read: compare the "
                "two models again.",
                str(error),
            ) from error


def vocabulary_of(tokenizer: Any, tokens: set[int]) -> str:
    """Return a digest of what the token ids stand for: equal where two models mean the same."""
    texts = tokenizer.convert_ids_to_tokens(sorted(tokens))
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _file(folder: Path, number: int) -> Path:
    return folder / f"sequence-{number:05}.safetensors"


def _not_written(path: Path, error: Exception) -> EngineError:
    if is_disk_full(error):
        return EngineError(
            FailureKind.DISK_FULL,
            f"The disk of “{path.parent}” is full: what the original says does not fit there. "
            "Free some space, or take fewer or shorter sequences.",
            str(error),
        )
    words = getattr(error, "strerror", None) or error
    message = f"“{path}” cannot be written: {words}."
    return EngineError(FailureKind.MISSING_FILE, message, str(error))
