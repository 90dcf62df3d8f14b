"""The report card: what a quantized copy lost and won against its original."""

from enum import StrEnum
from pathlib import Path

import msgspec

from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.recipes import Recipe
from phidesk.core.writing import write_in_one_step

REPORT_FILE = "phidesk-report.json"


class Verdict(StrEnum):
    """One word for the copy; its thresholds are stated beside it."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


# Mean KL divergence in nats and top-1 agreement that each verdict asks for. What llama.cpp's
# authors measured for its types of one model (Llama 3 8B: Q8_0 0.001, Q6_K 0.006, Q4_K_M 0.03,
# Q3_K_M 0.09, Q2_K 0.45) sets the scale:
# https://github.com/ggml-org/llama.cpp/blob/master/tools/perplexity/README.md
THRESHOLDS = {
    Verdict.EXCELLENT: (0.01, 0.95),
    Verdict.GOOD: (0.05, 0.90),
    Verdict.FAIR: (0.20, 0.80),
}


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two models.

    memory_bytes: what its engine's process held after the answers. perplexity: by text pack,
    on the held-out part. tokens_per_second: of the answers, by the engine that it chats with.
    """

    name: str
    path: str
    engine: str
    quantization: str
    size_bytes: int
    memory_bytes: int
    tokens_per_second: float
    perplexity: dict[str, float]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The greedy answers of both to one prompt; difference: the first character that differs."""

    prompt: str
    original: str
    copy: str
    difference: int | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was measured, in one file beside the copy's weights.

    kl_divergence: mean KL(original || copy) in nats a token, by text pack. top1_agreement: the
    share of positions where both find the same token most likely, by text pack. tokens: scored
    positions, by text pack. created: ISO 8601, UTC. recipe: None for models not made here.
    """

    version: int = 1
    created: str
    original: Side
    copy: Side
    tokens: dict[str, int]
    kl_divergence: dict[str, float]
    top1_agreement: dict[str, float]
    answers: tuple[Answer, ...]
    recipe: Recipe | None = None

    @property
    def mean_kl(self) -> float:
        """Mean KL divergence over all scored positions."""
        return _mean(self.kl_divergence, self.tokens)

    @property
    def agreement(self) -> float:
        """Top-1 agreement over all scored positions."""
        return _mean(self.top1_agreement, self.tokens)

    @property
    def verdict(self) -> Verdict:
        """The best verdict whose both thresholds the copy meets."""
        for verdict, (most_kl, least_agreement) in THRESHOLDS.items():
            if self.mean_kl <= most_kl and self.agreement >= least_agreement:
                return verdict
        return Verdict.POOR


def first_difference(left: str, right: str) -> int | None:
    """Return the index of the first character that differs, None for equal texts."""
    if left == right:
        return None
    pairs = enumerate(zip(left, right, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(left), len(right)))


def save_report(report: Report, folder: Path) -> Path:
    """Write the report into the copy's folder in one step; raises OSError where that fails.

    Where that of another GGUF file lies there already, the report is named after its own.
    """
    path, before = folder / REPORT_FILE, load_report(folder)
    name = Path(report.copy.path).name
    if name.lower().endswith(".gguf") and before is not None and not _is_of(before, name):
        path = _own_file(folder, name)
    write_in_one_step(path, msgspec.json.format(msgspec.json.encode(report)))
    return path


def load_report(folder: Path) -> Report | None:
    """Return the report of a model's folder; None where there is none that can be read."""
    return _read(folder / REPORT_FILE)


def _read(path: Path) -> Report | None:
    try:
        if not path.is_file():  # a pipe would keep the reader waiting for ever
            return None
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def folder_of(model: ModelRef) -> Path:
    """Return the folder that holds a model's weights, and its report."""
    path = Path(model.path)
    return path.parent if model.format is ModelFormat.GGUF else path


def saved_report(model: ModelRef) -> Report | None:
    """Return the report beside a model, where it is about this model.

    Several GGUF files may share a folder, so there the name has to be the same.
    """
    path = report_file(model)
    return _read(path) if path is not None else None


def report_file(model: ModelRef) -> Path | None:
    """Return the file with the report about a model; None where there is none."""
    folder, name = folder_of(model), Path(model.path).name
    own = _own_file(folder, name)
    if model.format is not ModelFormat.GGUF:
        return folder / REPORT_FILE
    for path in (own, folder / REPORT_FILE):
        found = _read(path)
        if found is not None and _is_of(found, name):
            return path
    return None


def _own_file(folder: Path, name: str) -> Path:
    return folder / f"{name}.{REPORT_FILE}"


def _is_of(report: Report, name: str) -> bool:
    return Path(report.copy.path).name == name


def _mean(values: dict[str, float], weights: dict[str, int]) -> float:
    total = sum(weights[name] for name in values)
    return sum(value * weights[name] for name, value in values.items()) / total if total else 0.0
