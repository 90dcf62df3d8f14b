"""Describes a folder of safetensors from its config.json and the heads of its files."""

import json
import stat
from collections.abc import Iterable
from pathlib import Path

import msgspec

from phidesk.core import safetensors
from phidesk.core.config_names import with_usual_names
from phidesk.core.files import UPDATING_FILE, UPDATING_WORDS, missing_part, name_problem, size_of
from phidesk.core.library.walk import repository_of
from phidesk.core.models import Concern, ModelFormat, ModelRef, plausible_tokens, well_formed

_MAX_CONFIG = 16 * 2**20  # bytes; a config.json has some thousand
_MOST_WEIGHTS = 2000
_MAX_WORDS = 100  # characters of a name in a config.json
_SIZES = ("num_hidden_layers", "hidden_size", "num_attention_heads", "num_key_value_heads",
          "head_dim", "intermediate_size", "vocab_size")  # fmt: skip
_TOKENIZERS = (
    "tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "vocab.json",
    "vocab.txt", "tekken.json",
)  # fmt: skip
PICKLES = (".bin", ".pt", ".pth", ".pkl")
NO_TOKENIZER = (
    "has no tokenizer (tokenizer.json, tokenizer.model, …): copy the tokenizer files from the "
    "model's original repository"
)


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of weights with all that was read of it.

    config: what config.json says, of any type. heads: of the weights that can be read, by file.
    has_template: whether tokenizer_config.json brings a chat template.
    """

    ref: ModelRef
    config: dict[str, object]
    heads: dict[str, safetensors.SafetensorsHead]
    has_template: bool


def read_folder(folder: Path) -> ModelRef | None:
    """Describe a folder of safetensors (or pickles); None where it holds no model.

    Raises OSError where the folder cannot be listed.
    """
    return describe_folder(folder, [entry.name for entry in folder.iterdir() if not entry.is_dir()])


def describe_folder(folder: Path, files: list[str]) -> ModelRef | None:
    """Describe a folder whose file names are known; see read_folder."""
    found = read_checkpoint(folder, files)
    return found.ref if found is not None else None


def read_checkpoint(folder: Path, files: list[str]) -> Checkpoint | None:
    """Read a folder whose file names are known; None where it holds no model."""
    weights = sorted(name for name in files if name.endswith(".safetensors"))
    pickles = sorted(name for name in files if name.endswith(PICKLES))
    if "adapter_config.json" in files or not (weights or ("config.json" in files and pickles)):
        return None
    config, problem = _read_config(folder, files)
    if UPDATING_FILE in files:
        problem = UPDATING_WORDS
    problem = problem or missing_part(weights) or _absurd(config)
    heads: dict[str, safetensors.SafetensorsHead] = {}
    if len(weights) > _MOST_WEIGHTS:
        problem = problem or f"holds {len(weights):,} files of weights: they are not read"
    for name in weights[:_MOST_WEIGHTS]:
        try:
            heads[name] = safetensors.read_head(folder / name)
        except safetensors.SafetensorsError as error:
            problem = problem or f"{name}: {error}"
        except OSError as error:
            problem = problem or f"{name}: {error.strerror or error}"
    dtypes: dict[str, int] = {}
    for head in heads.values():
        for dtype, size in head.dtypes.items():
            dtypes[dtype] = dtypes.get(dtype, 0) + size
    tokenizer = _read_tokenizer(folder, files)
    concerns = []
    if config.get("auto_map") or tokenizer.auto_map or any(n.endswith(".py") for n in files):
        concerns.append(Concern.REMOTE_CODE)
    if not weights:
        concerns.append(Concern.PICKLE)
    method, quantization = _quantization(config.get("quantization_config"), dtypes)
    text_config = _mapping(config.get("text_config"))
    ref = ModelRef(
        name=well_formed(_folder_name(folder)),
        path=well_formed(str(folder)),
        format=ModelFormat.SAFETENSORS,
        architecture=_text(config.get("model_type")),
        quantization=quantization,
        method=method,
        size_bytes=sum(size_of(folder / name) for name in weights or pickles),
        context_length=plausible_tokens(with_usual_names(config).get("max_position_embeddings"))
        or plausible_tokens(with_usual_names(text_config).get("max_position_embeddings")),
        concerns=tuple(concerns),
        problem=name_problem(folder) or well_formed(problem),
    )
    return Checkpoint(
        ref=ref, config=config, heads=heads, has_template=bool(tokenizer.chat_template)
    )


def has_tokenizer(files: Iterable[str]) -> bool:
    """Return whether one of a folder's files is a tokenizer."""
    return any(name in _TOKENIZERS or name.endswith(".tiktoken") for name in files)


def tokenizer_problem(model: ModelRef) -> str:
    """Return words where the model is a folder without a tokenizer, which no engine loads."""
    if model.format is ModelFormat.GGUF:
        return ""
    try:
        files = [path.name for path in Path(model.path).iterdir()]
    except OSError:
        return ""
    return "" if has_tokenizer(files) else NO_TOKENIZER


class _Tokenizer(msgspec.Struct):
    """Of a tokenizer_config.json, which may list thousands of tokens.

    Transformers runs code for tokenizers as well: their auto_map counts.
    """

    auto_map: object = None
    chat_template: object = None


_TOKENIZER = msgspec.json.Decoder(_Tokenizer)


def _read_tokenizer(folder: Path, files: list[str]) -> _Tokenizer:
    path = folder / "tokenizer_config.json"
    if path.name not in files:
        return _Tokenizer()
    try:
        if stat.S_ISREG(path.stat().st_mode) and size_of(path) <= _MAX_CONFIG:
            return _TOKENIZER.decode(path.read_bytes())
    except (OSError, ValueError, RecursionError):  # Python's own reader takes Infinity as well
        found = read_json(path)[0]
        return _Tokenizer(found.get("auto_map"), found.get("chat_template"))
    return _Tokenizer()


def _read_config(folder: Path, files: list[str]) -> tuple[dict[str, object], str]:
    """Return what config.json says, of any type: it is a stranger's file; and its problem."""
    if "config.json" not in files:
        return {}, "config.json is missing: copy it from the model's original repository"
    return read_json(folder / "config.json")


def read_json(path: Path) -> tuple[dict[str, object], str]:
    """Return the object in a stranger's file, {} where there is none; and what is wrong with it."""
    try:
        info = path.stat()
        if not stat.S_ISREG(info.st_mode) or info.st_size > _MAX_CONFIG:
            return {}, f"{path.name} cannot be read: it is too large or no regular file"
        # Not msgspec: Python writes Infinity into the config.json of Mamba models.
        config = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        return {}, f"{path.name} cannot be read: {error}"
    except OSError as error:
        return {}, f"{path.name} cannot be read: {error.strerror or error}"
    if not isinstance(config, dict):
        return {}, f"{path.name} cannot be read: it holds no object"
    return config, ""


def _absurd(config: dict[str, object]) -> str:
    """Return words for the first size that no network can have; "" for none.

    Other types than int are left to the engines, text apart: those of odd networks are lists.
    """
    for known in (config, _mapping(config.get("text_config"))):
        for key in _SIZES:
            value = known.get(key)
            if isinstance(value, str) or (isinstance(value, int) and value < 0):
                return (
                    f"config.json says that {key} is {str(value)[:_MAX_WORDS]}, which cannot be: "
                    "copy it from the model's original repository"
                )
    return ""


def _quantization(claim: object, dtypes: dict[str, int]) -> tuple[str, str]:
    """Return the method's key in core.engines and the words that people use."""
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


def _folder_name(folder: Path) -> str:
    """Return the folder's name; for a Hugging Face cache snapshot, the repository's."""
    cached = repository_of(folder)
    return cached[1] if cached is not None and cached[2] == folder.name else folder.name
