"""Which engine runs which file: one table that the picker and the worker both read."""

from enum import StrEnum
from importlib.util import find_spec

import msgspec

from phidesk.core.models import ModelFormat, ModelRef


class EngineName(StrEnum):
    """The engines that phidesk can drive."""

    LLAMACPP = "llamacpp"
    TRANSFORMERS = "transformers"

    @property
    def label(self) -> str:
        """The name that people know it by."""
        return {"llamacpp": "llama.cpp", "transformers": "Transformers"}[self.value]


class Runs(msgspec.Struct, frozen=True, kw_only=True):
    """One row: this engine runs this kind of file.

    methods: the quantization methods that it reads ("" is an unquantized checkpoint).
    needs: modules that must be importable beside the engine's own.
    note: what the user should know before choosing it.
    """

    format: ModelFormat
    methods: frozenset[str]
    engine: EngineName
    needs: tuple[str, ...] = ()
    note: str = ""


_G, _S = ModelFormat.GGUF, ModelFormat.SAFETENSORS
_LLAMACPP, _TRANSFORMERS = EngineName.LLAMACPP, EngineName.TRANSFORMERS

# In the order of preference: the first row that fits and is installed is chosen.
RUNS: tuple[Runs, ...] = (
    Runs(format=_G, methods=frozenset({"gguf"}), engine=_LLAMACPP),
    Runs(
        format=_G,
        methods=frozenset({"gguf"}),
        engine=_TRANSFORMERS,
        needs=("gguf",),
        note="dequantized while loading: slower and larger than llama.cpp",
    ),
    Runs(format=_S, methods=frozenset({""}), engine=_TRANSFORMERS),
    Runs(
        format=_S,
        methods=frozenset({"auto-round", "gptq", "awq"}),
        engine=_TRANSFORMERS,
        needs=("auto_round",),
    ),
    Runs(
        format=_S,
        methods=frozenset({"compressed-tensors"}),
        engine=_TRANSFORMERS,
        needs=("compressed_tensors",),
        note="unpacked while loading: as large in memory as the original",
    ),
    Runs(
        format=_S,
        methods=frozenset({"bitsandbytes"}),
        engine=_TRANSFORMERS,
        needs=("bitsandbytes",),
    ),
)

_MODULES: dict[EngineName, tuple[str, ...]] = {
    EngineName.LLAMACPP: ("xllamacpp",),
    EngineName.TRANSFORMERS: ("torch", "transformers", "accelerate"),
}


class NoEngineError(ValueError):
    """No engine here runs this model; the message says what would."""


def missing_modules(engine: EngineName) -> tuple[str, ...]:
    """Return the modules that the engine lacks in this Python; nothing is imported."""
    return tuple(name for name in _MODULES[engine] if find_spec(name) is None)


def rows_for(model: ModelRef) -> tuple[Runs, ...]:
    """Return the rows that fit the model's file, preferred first, installed or not."""
    return tuple(r for r in RUNS if r.format is model.format and model.method in r.methods)


def lacking(row: Runs) -> tuple[str, ...]:
    """Return what would have to be installed before this row can be used."""
    return missing_modules(row.engine) + tuple(n for n in row.needs if find_spec(n) is None)


def choose_engine(model: ModelRef, wanted: EngineName | None = None) -> EngineName:
    """Return the engine to load the model with: the wanted one, or the best installed.

    Raises NoEngineError where none fits, with the way out in its message.
    """
    rows = rows_for(model)
    if not rows:
        what = model.quantization or model.method or model.format
        raise NoEngineError(f"No engine of phidesk reads “{what}” weights yet.")
    if wanted is not None:
        rows = tuple(r for r in rows if r.engine is wanted)
        if not rows:
            raise NoEngineError(f"{wanted.label} does not read {model.format} files.")
    for row in rows:
        if not lacking(row):
            return row.engine
    names = ", ".join(dict.fromkeys(name for row in rows[:1] for name in lacking(row)))
    raise NoEngineError(
        f"{rows[0].engine.label} would run this model, but is not installed here "
        f"(missing: {names}). Install phidesk with its engines: pip install 'phidesk[engine]'."
    )
