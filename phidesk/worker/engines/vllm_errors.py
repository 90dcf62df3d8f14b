"""vLLM's failures in words for a person: what, the number, and the way out."""

import re
import traceback

import msgspec

from phidesk.core.chat import Structure
from phidesk.core.load_options import KvDtype, LoadOptions, Speculation
from phidesk.core.models import ModelRef
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.vllm_loop import EngineBrokenError
from phidesk.worker.failures import is_out_of_memory

_SMALLER = (
    "Choose a shorter context, fewer parallel chats, a smaller or quantized copy, or close other "
    "programs."
)


class _Known(msgspec.Struct, frozen=True):
    """A failure by a part of vLLM's message; {name}: the model, {said}: vLLM's first sentence.

    The named groups of the pattern can be used in the words as well.
    """

    pattern: str
    kind: FailureKind
    words: str


_LOAD = (
    _Known(
        r"(?P<size>[\d.]+) GiB KV cache is needed"
        r".*?(?:estimated maximum model length is (?P<fits>\d+)|$)",
        FailureKind.OUT_OF_MEMORY,
        "The context of “{name}” needs a KV cache of {size} GiB, which is more than there is "
        "(room for {fits} tokens). Choose a shorter context.",
    ),
    _Known(
        r"No available memory for the cache blocks|is less than desired|"
        r"less than requested memory for kv",
        FailureKind.OUT_OF_MEMORY,
        "There is not enough free memory for “{name}”. " + _SMALLER,
    ),
    _Known(
        r"no kernel image is available\b",
        FailureKind.UNSUPPORTED,
        "vLLM was built without kernels for this GPU. Load “{name}” with Transformers.",
    ),
    _Known(
        r"[Bb]float16 is only supported on GPUs with compute capability",
        FailureKind.UNSUPPORTED,
        "This GPU cannot compute in bf16, which “{name}” asks for. Load it with Transformers.",
    ),
    _Known(
        r"quantization method (?P<method>\S+) is not supported for the current GPU\. "
        r"Minimum capability: (?P<needs>\d+)\. Current capability: (?P<has>\d+)",
        FailureKind.UNSUPPORTED,
        "This GPU is too old for “{method}” weights in vLLM: its compute capability is {has}, they "
        "need {needs} (tenths). Load “{name}” with Transformers.",
    ),
    _Known(
        r"(?i)bitsandbytes.{0,80}(plugin|not installed|import|install)|"
        r"(?i:unknown|invalid|not supported).{0,40}bitsandbytes",
        FailureKind.ENGINE_MISSING,
        "vLLM reads bitsandbytes copies with a plugin that is not installed here: "
        "pip install vllm-bnb-plugin.",
    ),
    _Known(
        r"(?i)gguf.{0,80}(plugin|not installed|unknown|invalid|not supported)|"
        r"(?i:unknown|invalid|not supported).{0,40}gguf",
        FailureKind.ENGINE_MISSING,
        "vLLM reads GGUF files with a plugin that is not installed here: "
        "pip install vllm-gguf-plugin. llama.cpp reads them as well.",
    ),
    _Known(
        r"SafetensorError|HeaderTooLarge|MetadataIncompleteBuffer",
        FailureKind.CORRUPT_FILE,
        "The weights of “{name}” cannot be read: get its files again. ({said})",
    ),
    _Known(
        r"divisible by tensor parallel size",
        FailureKind.OPTION,
        "“{name}” cannot be spread over so many GPUs: {said} Choose another number of GPUs.",
    ),
    _Known(
        r"WorkerProc initialization failed",
        FailureKind.WORKER_DIED,
        "One of vLLM's processes, one for each GPU, could not load “{name}”: its log says why.",
    ),
    _Known(
        r"divisible",
        FailureKind.UNSUPPORTED,
        "vLLM cannot load “{name}”: {said} Load it with Transformers, or quantize it with "
        "another group size.",
    ),
    _Known(
        r"not supported|Unsupported|no vLLM implementation|Unknown quantization|"
        r"Failed to find a kernel|[Cc]annot find the config|validation error",
        FailureKind.UNSUPPORTED,
        "vLLM cannot load “{name}”: {said}",
    ),
)
_REFUSED = r"(?:not (?:yet )?supported|[Uu]nsupported|[Ii]nvalid|must|cannot|does not|doesn't)"


def _either(first: str, second: str) -> str:
    return rf"(?:{first})[^\n]*(?:{second})|(?:{second})[^\n]*(?:{first})"


_KV = _Known(
    _either(r"(?i:fp8|kv[ _]?cache)|fp8e\d", _REFUSED),
    FailureKind.OPTION,
    "The KV cache of “{name}” cannot be kept in FP8 here: {said} Set its number format to "
    "automatic.",
)
_VOCABULARY = _Known(
    r"(?i)draft[^\n]*vocab|vocab[^\n]*draft",
    FailureKind.OPTION,
    "The draft model has another vocabulary than “{name}”: choose one of the same family.",
)
_GUESSING = _Known(
    _either(r"(?i:specul|draft|n-?gram)", _REFUSED),
    FailureKind.OPTION,
    "Speculative decoding does not work with “{name}” here: {said} Switch it off.",
)
_OFFLOAD = _Known(
    _either(r"(?i:offload)", _REFUSED),
    FailureKind.OPTION,
    "The weights of “{name}” cannot be kept in the computer's memory here: {said} Set that to 0.",
)
_NO_MEMORY = "The memory ran out {when}. "


def load_error(
    error: BaseException, model: ModelRef, options: LoadOptions | None = None
) -> BaseException:
    """Return an EngineError for what is known to go wrong in a load, else the error itself.

    options: those of the load. Where one is the reason it is named, and no other engine tried,
    which would go without it and not say so.
    """
    text = _whole_text(error)
    details = "".join(traceback.format_exception(error))
    if is_out_of_memory(error):
        words = _NO_MEMORY.format(when=f"while “{model.name}” was loaded" + _tried(text))
        return EngineError(FailureKind.OUT_OF_MEMORY, words + _SMALLER, details)
    for known in (*_of_options(options or LoadOptions()), *_LOAD):
        if found := re.search(known.pattern, text, re.DOTALL):
            groups = {key: value or "too few" for key, value in found.groupdict().items()}
            words = known.words.format(name=model.name, said=_first_sentence(text), **groups)
            return EngineError(known.kind, words, details)
    return error


def _of_options(options: LoadOptions) -> list[_Known]:
    """Return what may go wrong because of the options that were chosen."""
    found = []
    if options.speculation is Speculation.DRAFT:
        found.append(_VOCABULARY)
    if options.kv_dtype is KvDtype.FP8:
        found.append(_KV)
    if options.speculation is not Speculation.OFF:
        found.append(_GUESSING)
    if options.cpu_offload_bytes:
        found.append(_OFFLOAD)
    return found


def request_error(
    error: BaseException, context: int, structure: Structure | None = None
) -> BaseException:
    """Return an EngineError for what is known to go wrong in an answer, else the error itself.

    structure: the form that the answer was to have.
    """
    if isinstance(error, EngineError):
        return error
    text = _whole_text(error)
    details = "".join(traceback.format_exception(error))
    if is_out_of_memory(error):
        words = _NO_MEMORY.format(when="in the middle of an answer" + _tried(text))
        words += "Load the model again with a shorter context or fewer parallel chats."
        return EngineError(FailureKind.OUT_OF_MEMORY, words, details)
    if re.search(r"maximum (model|context) length", text):
        words = (
            f"The conversation is longer than the context of {context:,} tokens. Start a new "
            "chat, or load the model with a longer context."
        )
        return EngineError(FailureKind.CONTEXT_TOO_LONG, words, details)
    if isinstance(error, EngineBrokenError):
        words = f"vLLM's engine has stopped: {_first_sentence(str(error))} Load the model again."
        return EngineError(FailureKind.WORKER_DIED, words, details)
    if _is_refusal(error):
        if structure is not None:
            words = f"{_form(structure)} cannot be used: {_in_grammar(text)}"
            return EngineError(FailureKind.UNSUPPORTED, words, details)
        words = f"vLLM does not take this request: {_first_sentence(text)}"
        return EngineError(FailureKind.UNSUPPORTED, words, details)
    return error


def _is_refusal(error: BaseException) -> bool:
    """Return whether vLLM says that it does not take a request; such were ValueErrors once."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, ValueError) or "VLLMClientError" in names


def _form(structure: Structure) -> str:
    if structure.json_schema:
        return "The JSON schema"
    return "The regular expression" if structure.regex else "The choices"


def _in_grammar(text: str) -> str:
    """Return what is wrong with a grammar: the parser draws a picture around it."""
    if found := re.search(r"^error: (.+)$", text, re.MULTILINE):
        return f"{found[1]}."
    return _first_sentence(re.sub(r"Grammar error: (at .+ \(in regex\): )?", "", text))


def _whole_text(error: BaseException) -> str:
    """Return the messages of an error and of those that led to it."""
    parts: list[str] = []
    link: BaseException | None = error
    while link is not None:
        parts.append(f"{type(link).__name__}: {link}")
        link = link.__cause__ or link.__context__
    return "\n".join(parts)


def _tried(text: str) -> str:
    found = re.search(r"Tried to allocate ([\d.]+ \w+).*?of which ([\d.]+ \w+) is free", text, re.S)
    return f" ({found[1]} more were needed, {found[2]} are free)" if found else ""


def _first_sentence(text: str) -> str:
    """Return what vLLM said, without the names of Python's errors."""
    for line in text.splitlines():
        words = re.sub(r"^\s*(\w*Error: )?(Value error, )?", "", line).strip()
        if words and "validation error" not in words:
            sentence = re.split(r"(?<=[.!?])\s", words, maxsplit=1)[0].strip()
            return sentence if sentence.endswith(".") else f"{sentence}."
    return text.strip()
