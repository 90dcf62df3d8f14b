"""What a model can be quantized to: one table that the wizard and the worker both read.

Algorithms: SignRound (https://arxiv.org/abs/2309.05516), AWQ (https://arxiv.org/abs/2306.00978),
NF4 (https://arxiv.org/abs/2305.14314), LLM.int8() (https://arxiv.org/abs/2208.07339).
Which bits and formats go together: AutoRound 0.16.1 and bitsandbytes 0.50.2, tried out.
"""

from enum import StrEnum

import msgspec

from phidesk.core.engine_python import find_spec
from phidesk.core.engines import EngineName
from phidesk.core.models import Device, ModelRef

PER_CHANNEL = -1
"""The group size that means: one scale for each output channel."""


class Algorithm(StrEnum):
    """How the small weights are found."""

    SIGNROUND = "signround"
    AWQ = "awq"
    IMATRIX = "imatrix"
    RTN = "rtn"
    NF4 = "nf4"
    FP4 = "fp4"
    INT8 = "int8"

    @property
    def label(self) -> str:
        """The name that people know it by."""
        return {
            "signround": "AutoRound (SignRound)",
            "awq": "AWQ",
            "imatrix": "Round to nearest, importance-weighted",
            "rtn": "Round to nearest",
            "nf4": "bitsandbytes NF4",
            "fp4": "bitsandbytes FP4",
            "int8": "bitsandbytes LLM.int8()",
        }[self.value]

    @property
    def needs_calibration(self) -> bool:
        """Whether it looks at texts."""
        return self in (Algorithm.SIGNROUND, Algorithm.AWQ, Algorithm.IMATRIX)


class SaveFormat(StrEnum):
    """How the copy lies on disk; the values are AutoRound's names."""

    AUTO_ROUND = "auto_round"
    AUTO_GPTQ = "auto_gptq"
    AUTO_AWQ = "auto_awq"
    LLM_COMPRESSOR = "llm_compressor"
    BITSANDBYTES = "bitsandbytes"
    Q2_K_S = "gguf:q2_k_s"
    Q3_K_M = "gguf:q3_k_m"
    Q4_0 = "gguf:q4_0"
    Q4_K_S = "gguf:q4_k_s"
    Q4_K_M = "gguf:q4_k_m"
    Q5_K_M = "gguf:q5_k_m"
    Q6_K = "gguf:q6_k"
    Q8_0 = "gguf:q8_0"

    @property
    def is_gguf(self) -> bool:
        """Whether the copy is a GGUF file."""
        return self.value.startswith("gguf:")

    @property
    def label(self) -> str:
        """The name that people know it by."""
        if self.is_gguf:
            return f"GGUF {self.value.removeprefix('gguf:').upper()}"
        return {
            "auto_round": "AutoRound",
            "auto_gptq": "GPTQ",
            "auto_awq": "AWQ",
            "llm_compressor": "compressed-tensors",
            "bitsandbytes": "bitsandbytes",
        }[self.value]


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that decides what the copy will be.

    group_size: weights that share a scale, or PER_CHANNEL. iters: SignRound's steps a layer.
    samples, seqlen: calibration sequences and the tokens of each. batch_size: sequences at once.
    calibration: names of packs (core.texts.Pack) or paths of the user's own files.
    average_bits: with it AutoScheme gives each layer 2, 4 or 8 bits so that this is their mean.
    double_quant, compute_dtype: for bitsandbytes only.
    """

    algorithm: Algorithm
    format: SaveFormat
    bits: int = 4
    group_size: int = 128
    symmetric: bool = True
    iters: int = 200
    samples: int = 128
    seqlen: int = 2048
    batch_size: int = 8
    calibration: tuple[str, ...] = ("general", "chat")
    average_bits: float | None = None
    double_quant: bool = True
    compute_dtype: str = "bfloat16"
    seed: int = 42

    @property
    def summary(self) -> str:
        """The recipe in a few words, also for a folder's name."""
        if self.format.is_gguf:
            return self.format.label.removeprefix("GGUF ")
        if self.format is SaveFormat.BITSANDBYTES:
            return {"nf4": "NF4", "fp4": "FP4"}.get(self.algorithm.value, "INT8")
        bits = f"{self.average_bits:g}" if self.average_bits else str(self.bits)
        group = "channel" if self.group_size == PER_CHANNEL else f"g{self.group_size}"
        return f"{self.format.label} W{bits} {group}"


class Runs(msgspec.Struct, frozen=True, kw_only=True):
    """An engine that computes with the copy on some devices; needs: modules beside its own."""

    engine: EngineName
    devices: frozenset[Device]
    needs: tuple[str, ...] = ()


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Settings that go together, and what runs the result.

    group_sizes: empty where the format fixes it. needs: what writing the copy imports.
    """

    algorithms: frozenset[Algorithm]
    formats: frozenset[SaveFormat]
    bits: frozenset[int]
    symmetric: frozenset[bool]
    group_sizes: frozenset[int] = frozenset()
    runs: tuple[Runs, ...]
    needs: tuple[str, ...]
    mixed_bits: bool = False


_A, _F = Algorithm, SaveFormat
_CPU = frozenset({Device.CPU})
_BOTH = frozenset({Device.CPU, Device.CUDA})
_EVERYWHERE = frozenset(Device)
_GROUPS = frozenset({32, 64, 128, PER_CHANNEL})
_NF4_BITS = 4
_EITHER, _YES, _NO = frozenset({True, False}), frozenset({True}), frozenset({False})
_TUNED = frozenset({_A.SIGNROUND, _A.AWQ, _A.IMATRIX, _A.RTN})
_TRANSFORMERS = EngineName.TRANSFORMERS
_VLLM = Runs(engine=EngineName.VLLM, devices=frozenset({Device.CUDA}))


def _gguf(bits: int, *formats: SaveFormat) -> Row:
    return Row(
        algorithms=frozenset({_A.IMATRIX, _A.RTN, _A.SIGNROUND}),
        formats=frozenset(formats),
        bits=frozenset({bits}),
        symmetric=_EITHER,
        runs=(
            Runs(engine=EngineName.LLAMACPP, devices=_EVERYWHERE),
            Runs(engine=_TRANSFORMERS, devices=_BOTH, needs=("gguf",)),
        ),
        needs=("auto_round", "gguf", "sentencepiece"),
    )


def _by_autoround(
    save_format: SaveFormat,
    bits: set[int],
    symmetric: frozenset[bool],
    devices: frozenset[Device] = _BOTH,
    *,
    needs: str = "auto_round",
    mixed_bits: bool = False,
    by_vllm: bool = False,
) -> Row:
    """Return a row of weights that AutoRound packs.

    devices: where Transformers runs them; needs: what reading them imports. by_vllm: it has a
    fast kernel for them.
    """
    return Row(
        algorithms=_TUNED,
        formats=frozenset({save_format}),
        bits=frozenset(bits),
        symmetric=symmetric,
        group_sizes=_GROUPS,
        runs=(
            *((_VLLM,) if by_vllm else ()),
            Runs(engine=_TRANSFORMERS, devices=devices, needs=(needs,)),
        ),
        needs=tuple(dict.fromkeys(("auto_round", needs))),
        mixed_bits=mixed_bits,
    )


def _by_bitsandbytes(bits: int, *algorithms: Algorithm) -> Row:
    needs = ("bitsandbytes",)
    return Row(
        algorithms=frozenset(algorithms),
        formats=frozenset({_F.BITSANDBYTES}),
        bits=frozenset({bits}),
        symmetric=_EITHER,
        runs=(
            *((_VLLM,) if bits == _NF4_BITS else ()),
            Runs(engine=_TRANSFORMERS, devices=_BOTH, needs=needs),
        ),
        needs=needs,
    )


ROWS: tuple[Row, ...] = (
    _by_autoround(_F.AUTO_ROUND, {4, 8}, _YES, by_vllm=True),
    # Mixed bits have layers of 2 bits, for which vLLM has no fast kernel.
    _by_autoround(_F.AUTO_ROUND, {2, 3, 4, 8}, _YES, mixed_bits=True),
    _by_autoround(_F.AUTO_ROUND, {2, 3, 4}, _NO),
    _by_autoround(_F.AUTO_GPTQ, {4, 8}, _YES, by_vllm=True),
    _by_autoround(_F.AUTO_GPTQ, {2, 3}, _YES),
    _by_autoround(_F.AUTO_GPTQ, {2, 4}, _NO, _CPU),
    _by_autoround(_F.AUTO_AWQ, {4}, _NO, _CPU, by_vllm=True),
    _by_autoround(_F.AUTO_AWQ, {4}, _YES, _CPU),
    _by_autoround(_F.LLM_COMPRESSOR, {4, 8}, _YES, needs="compressed_tensors", by_vllm=True),
    _by_autoround(_F.LLM_COMPRESSOR, {2, 3}, _YES, needs="compressed_tensors"),
    _by_bitsandbytes(4, _A.NF4, _A.FP4),
    _by_bitsandbytes(8, _A.INT8),
    _gguf(2, _F.Q2_K_S),
    _gguf(3, _F.Q3_K_M),
    _gguf(4, _F.Q4_0, _F.Q4_K_S, _F.Q4_K_M),
    _gguf(5, _F.Q5_K_M),
    _gguf(6, _F.Q6_K),
    _gguf(8, _F.Q8_0),
)


def row_for(recipe: Recipe) -> Row | None:
    """Return the row that the recipe's settings stand in, or None."""
    for row in rows_with(algorithm=recipe.algorithm, save_format=recipe.format):
        if recipe.bits not in row.bits or recipe.symmetric not in row.symmetric:
            continue
        if row.group_sizes and recipe.group_size not in row.group_sizes:
            continue
        if recipe.average_bits is not None and not row.mixed_bits:
            continue
        return row
    return None


def rows_with(
    *, algorithm: Algorithm | None = None, save_format: SaveFormat | None = None
) -> tuple[Row, ...]:
    """Return the rows of an algorithm, of a format, or of both."""
    return tuple(
        row
        for row in ROWS
        if (algorithm is None or algorithm in row.algorithms)
        and (save_format is None or save_format in row.formats)
    )


def copy_name(model: ModelRef, recipe: Recipe, longest: int = 200) -> str:
    """Return the name that a copy has where the user gives none, of at most so many bytes."""
    name = model.name.removesuffix(" (starter)").replace("/", "-")
    short = name.encode("utf-8", "replace")[: longest - 40].decode("utf-8", "ignore").rstrip()
    return f"{short} {recipe.summary}"


def missing(modules: tuple[str, ...]) -> tuple[str, ...]:
    """Return the modules that the engines' Python lacks; nothing is imported."""
    return tuple(name for name in modules if find_spec(name) is None)
