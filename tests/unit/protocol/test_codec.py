"""Frames: every message there and back, and what neither end may be broken by."""

import random
import re
from collections.abc import Callable
from typing import get_args

import msgspec
import pytest

from phidesk.core.chat import (
    GenerationResult,
    Message,
    Role,
    SamplingParams,
    StopReason,
    Structure,
    TokenLogprob,
)
from phidesk.core.downloads import DownloadPlan
from phidesk.core.hub import RepoFile, RepoListing, RepoSummary, Source
from phidesk.core.load_options import Dtype, KvDtype, LoadOptions, Place, Speculation, Startup
from phidesk.core.models import Concern, ModelFormat, ModelRef
from phidesk.core.recipes import Algorithm, Recipe, SaveFormat
from phidesk.protocol import PROTOCOL_VERSION
from phidesk.protocol.codec import (
    ProtocolMismatchError,
    decode_command,
    decode_event,
    decode_hello,
    encode,
)
from phidesk.protocol.commands import (
    Cancel,
    Command,
    CountTokens,
    Download,
    Generate,
    ListRepo,
    LoadModel,
    Quantize,
    Score,
    SearchHub,
    Shutdown,
    TimeLayer,
)
from phidesk.protocol.events import (
    Broken,
    Cancelled,
    Counted,
    Downloaded,
    Event,
    Failed,
    FailureKind,
    Finished,
    Hello,
    LayerDone,
    LayerTimed,
    Loaded,
    Log,
    Progress,
    Quantized,
    RepoListed,
    ReposFound,
    Scored,
    Stats,
    TokenDelta,
)

TEXTS = {
    "empty": "",
    "line ends": "a\nb\r\nc\rd",
    "unicode line ends": "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei",
    "control characters": "".join(map(chr, [*range(32), 127])),
    "emoji": "🦙👩‍👩‍👧‍👦🇩🇪",
    "chinese": "量化模型",
    "quotes": 'he said "\\n" and \\',
    "long": "x\n" * 100_000,
}
MODEL = ModelRef(
    name="模型 🦙",
    path="/m/模型",
    format=ModelFormat.SAFETENSORS,
    architecture="llama",
    quantization="gptq 4-bit",
    method="gptq",
    size_bytes=10**13,
    context_length=2048,
    concerns=(Concern.REMOTE_CODE, Concern.PICKLE),
    problem="none",
    is_starter=True,
)
SAMPLING = SamplingParams(
    temperature=0.0,
    top_p=0.1,
    top_k=1,
    min_p=0.2,
    repetition_penalty=1.1,
    max_tokens=5,
    seed=2**32 - 2,
    stop=("\n", "###"),
)
RESULT = GenerationResult(
    prompt_tokens=7,
    completion_tokens=9,
    ttft_s=0.25,
    tokens_per_second=40.5,
    stop_reason=StopReason.STOP_STRING,
    cached_tokens=5,
    acceptance=0.75,
)
OPTIONS = LoadOptions(
    dtype=Dtype.FP16,
    place=Place.CPU,
    startup=Startup.OPTIMIZED,
    parallel_chats=3,
    kv_dtype=KvDtype.FP8,
    cpu_offload_bytes=2**33,
    gpus=2,
    speculation=Speculation.DRAFT,
    draft_model="/m/小模型",
    speculative_tokens=7,
)
LOGPROBS = (
    TokenLogprob(token="🦙", logprob=-0.5, top=(("🦙", -0.5), ("a\n", -1.25))),  # noqa: S106
)
RECIPE = Recipe(
    algorithm=Algorithm.AWQ,
    format=SaveFormat.AUTO_AWQ,
    bits=3,
    group_size=64,
    symmetric=False,
    iters=7,
    samples=9,
    seqlen=33,
    batch_size=2,
    calibration=("code", "/我的/texts.jsonl"),
    average_bits=3.5,
    double_quant=False,
    compute_dtype="float16",
    seed=1,
)
FILE = RepoFile(path="a/模型.gguf", size=10**12, sha256="ab", git_sha1="cd")
SUMMARY = RepoSummary(
    repo="a/b",
    downloads=9,
    likes=3,
    licence="mit",
    gated=True,
    size_bytes=10**12,
    parameters=7 * 10**9,
    formats=("gguf",),
)
LISTING = RepoListing(
    source=Source.MODELSCOPE,
    endpoint="https://example.org",
    repo="a/b",
    revision="main",
    commit="c0ffee",
    files=(FILE,),
    licence="mit",
    gated=True,
)
PLAN = DownloadPlan(
    source=Source.HUGGINGFACE,
    endpoint="https://example.org",
    repo="a/b",
    revision="main",
    commit="c0ffee",
    variant="Q4_K_M",
    files=(FILE,),
    folder="/m/模型",
    licence="mit",
    gated=True,
)
# One of each message with no field at its default, so that a field that gets lost is seen.
COMMANDS: dict[type, Command] = {
    LoadModel: LoadModel(
        job_id="1",
        model=MODEL,
        engine="llamacpp",
        context_length=4096,
        without_code=True,
        anyway=True,
        options=OPTIONS,
    ),
    Generate: Generate(
        job_id="2",
        messages=tuple(Message(role=role, content="a\n🦙") for role in Role),
        sampling=SAMPLING,
        structure=Structure(choices=("ja", "是\n")),
        logprobs=3,
        ignore_end=True,
        continues=True,
    ),
    Quantize: Quantize(job_id="4", model=MODEL, recipe=RECIPE, out="/m/模型 W3", resume=True),
    TimeLayer: TimeLayer(job_id="5", model=MODEL, recipe=RECIPE),
    Score: Score(
        job_id="6",
        documents=("a\n🦙", "量化"),
        sequence_length=64,
        sequences=3,
        logits_out="/c/out",
        reference="/c/原",
    ),
    CountTokens: CountTokens(
        job_id="a", messages=(Message(role=Role.USER, content="是"),), texts=("b", "")
    ),
    SearchHub: SearchHub(
        job_id="7",
        source=Source.MODELSCOPE,
        endpoint="https://example.org",
        text="模型\n",
        limit=3,
        token="t",  # noqa: S106 - it opens nothing
    ),
    ListRepo: ListRepo(
        job_id="8",
        source=Source.HUGGINGFACE,
        endpoint="https://example.org",
        repo="a/b",
        revision="v1",
        token="t",  # noqa: S106 - it opens nothing
    ),
    Download: Download(job_id="9", plan=PLAN, token="t"),  # noqa: S106 - it opens nothing
    Cancel: Cancel(job_id="3"),
    Shutdown: Shutdown(),
}
EVENTS: dict[type, Event] = {
    Hello: Hello(
        protocol_version=PROTOCOL_VERSION, pid=42, phidesk_version="0.1.0", python_version="3.11.7"
    ),
    Loaded: Loaded(
        job_id="1",
        engine="transformers",
        engine_version="5.0",
        device="cuda",
        dtype="bf16",
        kernel="gptq",
        context_length=2048,
        load_s=1.5,
        weights_bytes=2**40,
        kv_bytes=2**33,
        kv_tokens=8192,
        attention="FlashAttention 3",
        slow="the kernel is slow: 慢",
    ),
    Counted: Counted(job_id="a", prompt=7, texts=(1, 0)),
    Progress: Progress(job_id="1", stage="weights", done=1.5, total=3.0, text="layer 1"),
    TokenDelta: TokenDelta(job_id="2", text="a\n🦙", tokens=3, logprobs=LOGPROBS),
    Stats: Stats(
        tokens_per_second=99.5,
        context_used=100,
        running=2,
        waiting=1,
        kv_used=0.25,
        acceptance=0.75,
    ),
    LayerDone: LayerDone(
        job_id="4",
        done=3,
        total=30,
        seconds=17.5,
        loss_before=0.01,
        loss_after=0.0046,
        peak_ram_bytes=2**33,
        peak_vram_bytes=2**34,
    ),
    Quantized: Quantized(
        job_id="4",
        path="/m/模型 W3",
        size_bytes=10**9,
        seconds=99.5,
        peak_ram_bytes=2**33,
        peak_vram_bytes=2**34,
    ),
    LayerTimed: LayerTimed(
        job_id="5",
        layer_s=17.5,
        low_s=500.0,
        likely_s=525.0,
        high_s=700.0,
        peak_ram_bytes=2**33,
        peak_vram_bytes=2**34,
    ),
    Scored: Scored(
        job_id="6", tokens=192, perplexity=12.5, kl_divergence=0.03, top1_agreement=0.94
    ),
    ReposFound: ReposFound(job_id="7", repos=(SUMMARY,)),
    RepoListed: RepoListed(job_id="8", listing=LISTING),
    Downloaded: Downloaded(
        job_id="9", path="/m/模型", size_bytes=10**12, fetched_bytes=10**11, seconds=60.5
    ),
    Log: Log(level="warning", text="a\nb"),
    Finished: Finished(job_id="2", result=RESULT),
    Cancelled: Cancelled(job_id="2", result=RESULT),
    Broken: Broken(message="no", details="Traceback\n  File"),
    Failed: Failed(job_id="2", kind=FailureKind.BUG, message="no", details="Traceback\n  File"),
}
EVERYTHING = [*COMMANDS.values(), *EVENTS.values()]


def kind(message: object) -> str:
    return type(message).__name__


def decode_any(line: bytes) -> Command | Event:
    try:
        return decode_command(line)
    except msgspec.ValidationError:
        return decode_event(line)


@pytest.mark.parametrize("message_type", get_args(Command))
def test_every_command_survives_the_pipe(message_type: type) -> None:
    command = COMMANDS[message_type]
    line = encode(command)
    assert decode_command(line) == command
    with pytest.raises(msgspec.ValidationError):
        decode_event(line)


@pytest.mark.parametrize("message_type", get_args(Event))
def test_every_event_survives_the_pipe(message_type: type) -> None:
    event = EVENTS[message_type]
    line = encode(event)
    assert decode_event(line) == event
    with pytest.raises(msgspec.ValidationError):
        decode_command(line)


@pytest.mark.parametrize(
    "message", [*EVERYTHING, OPTIONS, *LOGPROBS, RESULT, FILE, SUMMARY, LISTING, PLAN], ids=kind
)
def test_the_examples_leave_no_field_at_its_default(message: msgspec.Struct) -> None:
    for field in msgspec.structs.fields(message):
        if field.default is not msgspec.NODEFAULT:
            assert getattr(message, field.name) != field.default, field.name


@pytest.mark.parametrize("message", EVERYTHING, ids=kind)
def test_optional_fields_may_be_left_out(message: Command | Event) -> None:
    required = {f.name: getattr(message, f.name) for f in msgspec.structs.fields(message)}
    for field in msgspec.structs.fields(message):
        if not field.required:
            del required[field.name]
    sparse = type(message)(**required)
    assert decode_any(encode(sparse)) == sparse


def test_no_two_messages_share_a_tag() -> None:
    tags = [re.search(rb'"type":"(\w+)"', encode(message)) for message in EVERYTHING]
    assert None not in tags
    assert len({tag.group(1) for tag in tags if tag}) == len(EVERYTHING)


def test_messages_cannot_be_changed_and_have_only_keywords() -> None:
    for message in EVERYTHING:
        config = message.__struct_config__
        assert config.frozen
        with pytest.raises(TypeError):
            type(message)("positional")  # type: ignore[call-arg, arg-type]


def test_every_job_can_end_in_each_terminal_event() -> None:
    for message_type in (Finished, Cancelled, Failed):
        assert message_type in get_args(Event)
        fields = {field.name: field for field in msgspec.structs.fields(message_type)}
        assert fields["job_id"].required


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_frame_is_one_line_whatever_the_text(text: str) -> None:
    message = Message(role=Role.USER, content=text)
    for frame in (
        Generate(job_id=text, messages=(message, message)),
        TokenDelta(job_id=text, text=text, tokens=1),
        Failed(job_id=text, kind=FailureKind.BUG, message=text, details=text),
        Log(level=text, text=text),
    ):
        line = encode(frame)
        assert line.endswith(b"}\n")
        assert len(line.splitlines()) == 1
        assert b"\0" not in line
        assert decode_any(line) == frame


@pytest.mark.parametrize(
    ("text", "arrives"),
    [
        ("a\udcffb", "a\ufffdb"),
        ("half of \ud83d", "half of \ufffd"),
        ("\ude00", "\ufffd"),
        ("\ud83d\ude00\n", "😀\n"),
    ],
)
def test_half_characters_arrive_as_replacement_characters(text: str, arrives: str) -> None:
    def messages(text: str) -> list[Command | Event]:
        message = Message(role=Role.USER, content=text)
        return [
            Generate(job_id="1", messages=(message,), sampling=SamplingParams(stop=(text,))),
            LoadModel(
                job_id="1",
                model=msgspec.structs.replace(MODEL, path=text, name=text),
                engine="llamacpp",
            ),
            TokenDelta(job_id="1", text=text, tokens=1),
            Log(level="info", text=text),
            Failed(job_id="1", kind=FailureKind.BUG, message=text, details=text),
        ]

    for sent, expected in zip(messages(text), messages(arrives), strict=True):
        line = encode(sent)
        assert line.endswith(b"}\n")
        assert line.count(b"\n") == 1
        assert decode_any(line) == expected


BROKEN = {
    "nothing": b"",
    "a line end": b"\n",
    "no JSON": b"Loading weights: 100%\n",
    "cut off": b'{"type":"cancel","job_id":"1',
    "two in one line": b'{"type":"shutdown"}{"type":"shutdown"}\n',
    "a list": b"[]\n",
    "null": b"null\n",
    "a number": b"7\n",
    "no tag": b'{"job_id":"1"}\n',
    "a tag of another type": b'{"type":7}\n',
    "an unknown tag": b'{"type":"reboot"}\n',
    "a missing field": b'{"type":"cancel"}\n',
    "invalid UTF-8": b'{"type":"cancel","job_id":"\xff"}\n',
    "invalid UTF-8 in a tag": b'{"type":"\xff"}\n',
    "half an escaped character": b'{"type":"cancel","job_id":"\\ud800"}\n',
    "deep nesting": b'{"type":"shutdown","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n",
    "deep nesting in an event": b'{"type":"log","x":' + b"[" * 100_000,
    "a huge number": b'{"type":"token_delta","job_id":"1","text":"","tokens":' + b"9" * 9999 + b"}",
}
DECODERS = [decode_command, decode_event, decode_hello]


@pytest.mark.parametrize("decode", DECODERS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN)
def test_a_line_that_is_no_message_raises_decode_error(
    decode: Callable[[bytes], object], line: bytes
) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(line)


@pytest.mark.parametrize("seed", range(3))
def test_random_bytes_raise_nothing_but_decode_error(seed: int) -> None:
    dice = random.Random(seed)
    lines = [encode(message) for message in EVERYTHING]
    refused = 0
    for _ in range(1000):
        data = bytearray(dice.choice(lines))
        for _ in range(dice.randrange(1, 6)):
            data[dice.randrange(len(data))] = dice.choice(b'\0\n{}[]",:\\u09e-\x7f\x80\xff')
        for decode in (decode_command, decode_event, decode_hello):
            try:
                decode(bytes(data))
            except (msgspec.DecodeError, ProtocolMismatchError):
                refused += 1
    assert refused > 1000


def test_an_unknown_tag_is_named() -> None:
    for decode in (decode_command, decode_event):
        with pytest.raises(msgspec.ValidationError, match="reboot"):
            decode(b'{"type":"reboot"}')


def test_fields_of_a_newer_version_are_passed_over() -> None:
    assert decode_event(b'{"type":"log","level":"info","text":"a","colour":[1,{}]}') == Log(
        level="info", text="a"
    )


class TestHello:
    def test_a_worker_of_the_same_version_is_welcome(self) -> None:
        hello = EVENTS[Hello]
        assert decode_hello(encode(hello)) == hello

    @pytest.mark.parametrize("theirs", [0, PROTOCOL_VERSION - 1, PROTOCOL_VERSION + 1, 999, -1])
    @pytest.mark.parametrize(
        "rest",
        [
            b'"type":"hello","pid":1,"phidesk_version":"9.8.7","python_version":"3.11.7"',
            b'"type":"hello","phidesk_version":"9.8.7","something":["new"]',
            b'"type":"greeting","phidesk_version":"9.8.7"',
        ],
    )
    def test_another_version_is_told_with_both_numbers_and_the_way_out(
        self, theirs: int, rest: bytes
    ) -> None:
        with pytest.raises(ProtocolMismatchError) as caught:
            decode_hello(b'{"protocol_version":%d,%s}\n' % (theirs, rest))
        message = str(caught.value)
        assert f"version {theirs} " in message
        assert "9.8.7" in message
        assert f"this window version {PROTOCOL_VERSION}." in message
        assert "Install the same phidesk in both" in message

    def test_a_version_that_does_not_say_its_release_is_told_too(self) -> None:
        with pytest.raises(ProtocolMismatchError, match="phidesk unknown"):
            decode_hello(b'{"protocol_version":0}')

    @pytest.mark.parametrize(
        "line",
        [
            encode(EVENTS[Log]),
            encode(COMMANDS[Shutdown]),
            b'{"protocol_version":"1"}',
            b'{"protocol_version":null}',
            b'{"protocol_version":%d}' % PROTOCOL_VERSION,
            b'{"type":"log","level":"a","text":"b","protocol_version":%d}' % PROTOCOL_VERSION,
        ],
    )
    def test_another_first_line_is_no_hello(self, line: bytes) -> None:
        with pytest.raises(msgspec.DecodeError):
            decode_hello(line)
