import asyncio
import copy
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from phidesk.core.chat import Message, Role, SamplingParams, StopReason  # noqa: E402
from phidesk.protocol.commands import Generate  # noqa: E402
from phidesk.protocol.events import FailureKind  # noqa: E402
from phidesk.worker.engines.base import EngineError, Piece  # noqa: E402
from phidesk.worker.engines.chat_template import rehearse, write_prompt  # noqa: E402
from phidesk.worker.engines.template_process import TemplateProcess  # noqa: E402

pytestmark = pytest.mark.engine
Ask = Callable[..., Any]
SEEDED: dict[str, Any] = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0, "seed": 7}


def _text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _bare(engine: Any, text: str, tokens: int, **more: Any) -> list[int]:
    """Return what generate itself answers."""
    model, tokenizer = engine._opened.model, engine._opened.tokenizer
    messages = (Message(role=Role.USER, content=text),)
    prompt = write_prompt(tokenizer, engine._templates, messages, 10_000)
    inputs = torch.tensor([prompt.tokens], device=model.device)
    with torch.inference_mode():
        found = model.generate(
            inputs,
            attention_mask=torch.ones_like(inputs),
            max_new_tokens=tokens,
            **({"do_sample": False} | more),
        )
    return list(found[0, len(prompt.tokens) :].tolist())


async def test_greedy_answer_is_that_of_generate(tiny_engine: Any, ask: Ask) -> None:
    pieces = await ask(tiny_engine, max_tokens=40)
    ids = _bare(tiny_engine, "Hello", 40)
    decoded = tiny_engine._opened.tokenizer.decode(ids, skip_special_tokens=True)
    assert _text(pieces) == decoded.replace("\ufffd", "")
    assert sum(piece.tokens for piece in pieces) == len(ids) == 40


async def test_first_piece_counts_the_prompt_and_last_tells_why(tiny_engine: Any, ask: Ask) -> None:
    pieces = await ask(tiny_engine, max_tokens=5)
    hello = (Message(role=Role.USER, content="Hello"),)
    opened, templates = tiny_engine._opened, tiny_engine._templates
    prompt = write_prompt(opened.tokenizer, templates, hello, 512).tokens
    assert [p.prompt_tokens for p in pieces] == [len(prompt)] + [None] * 4
    assert [p.stop_reason for p in pieces] == [None] * 4 + [StopReason.LENGTH]
    assert [p.tokens for p in pieces] == [1] * 5


async def test_end_of_turn_token_ends_and_is_not_counted(
    load: Callable[..., Any], ask: Ask, tiny_engine: Any, tiny_copy: Path, edit_json: Any
) -> None:
    ids = _bare(tiny_engine, "Hello", 20)
    last = next(i for i in range(3, 20) if ids[i] not in ids[:i])
    edit_json(tiny_copy / "generation_config.json", eos_token_id=[ids[last]])
    engine, _, _ = await asyncio.to_thread(load, tiny_copy)
    assert engine._opened.ends == {2, ids[last]}
    pieces = await ask(engine, max_tokens=20)
    assert pieces[-1].stop_reason is StopReason.END
    assert sum(piece.tokens for piece in pieces) == last


async def test_sampling_defaults_of_the_model_are_ignored(
    load: Callable[..., Any], ask: Ask, tiny_engine: Any, tiny_copy: Path, edit_json: Any
) -> None:
    edit_json(
        tiny_copy / "generation_config.json",
        do_sample=True,
        temperature=5.0,
        repetition_penalty=5.0,
        no_repeat_ngram_size=1,
        max_length=30,
    )
    engine, _, _ = await asyncio.to_thread(load, tiny_copy)
    for sampling in ({}, SEEDED):
        assert _text(await ask(engine, **sampling)) == _text(await ask(tiny_engine, **sampling))


async def test_sampling_parameters_reach_generate(tiny_engine: Any, ask: Ask) -> None:
    greedy = _text(await ask(tiny_engine))
    assert _text(await ask(tiny_engine, **SEEDED)) != greedy
    for one_choice in ({"top_k": 1}, {"top_p": 0.0}, {"min_p": 1.0}, {"temperature": 1e-9}):
        assert _text(await ask(tiny_engine, **(SEEDED | one_choice))) == greedy, one_choice
    assert _text(await ask(tiny_engine, repetition_penalty=8.0)) != greedy


async def test_same_seed_same_text(tiny_engine: Any, ask: Ask) -> None:
    first = await ask(tiny_engine, **SEEDED)
    assert await ask(tiny_engine, **SEEDED) == first
    assert _text(await ask(tiny_engine, **(SEEDED | {"seed": 8}))) != _text(first)


async def test_without_a_seed_answers_differ(tiny_engine: Any, ask: Ask) -> None:
    torch.manual_seed(0)
    one = await ask(tiny_engine, **(SEEDED | {"seed": None}))
    torch.manual_seed(0)
    two = await ask(tiny_engine, **(SEEDED | {"seed": None}))
    assert _text(one) != _text(two)


async def test_answers_beside_each_other_are_those_alone(tiny_engine: Any, ask: Ask) -> None:
    wanted = [
        ("Hello", SEEDED | {"max_tokens": 60}),
        ("Tell me more", SEEDED | {"max_tokens": 45}),
        ("Hello", SEEDED | {"seed": 8, "max_tokens": 60}),
        ("Hello", {"max_tokens": 50}),
    ]
    alone = [await ask(tiny_engine, text, **sampling) for text, sampling in wanted]
    noise = {"temperature": 2.0, "max_tokens": 80}
    beside = await asyncio.gather(
        *(ask(tiny_engine, text, **sampling) for text, sampling in wanted),
        ask(tiny_engine, "noise", **noise),
    )
    assert beside[: len(wanted)] == alone


async def test_answers_take_turns(tiny_engine: Any) -> None:
    counts = {"one": 0, "two": 0}
    when_first_ended: list[int] = []

    async def follow(name: str) -> None:
        async for _ in tiny_engine.generate(_request(max_tokens=200)):
            counts[name] += 1
        when_first_ended.append(min(counts.values()))

    await asyncio.gather(follow("one"), follow("two"))
    assert when_first_ended[0] > 100


async def test_stop_string_is_cut_off(tiny_engine: Any, ask: Ask) -> None:
    whole = _text(await ask(tiny_engine, max_tokens=40))
    stop = whole[8:11]
    pieces = await ask(tiny_engine, max_tokens=40, stop=("never said", stop))
    assert _text(pieces) == whole[: whole.index(stop)]
    assert pieces[-1].stop_reason is StopReason.STOP_STRING


async def test_held_back_text_comes_at_the_end(tiny_engine: Any, ask: Ask) -> None:
    whole = _text(await ask(tiny_engine, max_tokens=20))
    pieces = await ask(tiny_engine, max_tokens=20, stop=(whole[-2:] + "never",))
    assert _text(pieces) == whole
    assert pieces[-1].stop_reason is StopReason.LENGTH


async def test_closing_stops_the_thread(tiny_engine: Any, ask: Ask) -> None:
    pieces = tiny_engine.generate(_request(max_tokens=400))
    await anext(pieces)
    await pieces.aclose()
    turns = tiny_engine._turns
    assert not turns._taken
    assert not turns._queue
    assert len(await ask(tiny_engine, max_tokens=3)) == 3


async def test_cancelling_one_leaves_the_other_alone(tiny_engine: Any, ask: Ask) -> None:
    alone = await ask(tiny_engine, **SEEDED, max_tokens=60)
    started = asyncio.Event()

    async def endless() -> None:
        async for _ in tiny_engine.generate(_request(max_tokens=400)):
            started.set()

    task = asyncio.create_task(endless())
    await started.wait()
    other = asyncio.create_task(ask(tiny_engine, **SEEDED, max_tokens=60))
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert await other == alone


async def test_prompt_longer_than_the_context(tiny_engine: Any, ask: Ask) -> None:
    with pytest.raises(EngineError) as caught:
        await ask(tiny_engine, "x" * 600)
    assert caught.value.kind is FailureKind.CONTEXT_TOO_LONG
    assert "619 tokens" in caught.value.message
    assert "512" in caught.value.message


async def test_answer_ends_where_the_context_does(tiny_engine: Any, ask: Ask) -> None:
    pieces = await ask(tiny_engine, "x" * 455, max_tokens=None)
    assert pieces[-1].stop_reason is StopReason.LENGTH
    assert pieces[0].prompt_tokens + sum(p.tokens for p in pieces) == 512


async def test_memory_that_runs_out_while_answering(
    tiny_engine: Any, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def generate(*_args: Any, **_kwargs: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(tiny_engine._opened.model, "generate", generate)
        with pytest.raises(EngineError) as caught:
            await ask(tiny_engine)
    assert caught.value.kind is FailureKind.OUT_OF_MEMORY
    assert await ask(tiny_engine)


async def test_without_chat_template_roles_are_written_out(
    load: Callable[..., Any], ask: Ask, tiny_copy: Path
) -> None:
    (tiny_copy / "chat_template.jinja").unlink()
    engine, _, _ = await asyncio.to_thread(load, tiny_copy)
    tokenizer = engine._opened.tokenizer
    messages = (
        Message(role=Role.SYSTEM, content="Be brief."),
        Message(role=Role.USER, content="Hi"),
    )
    prompt = write_prompt(tokenizer, engine._templates, messages, 512)
    assert "\nuser:" in prompt.turn_ends
    assert tokenizer.decode(prompt.tokens) == "system: Be brief.\n\nuser: Hi\n\nassistant:"
    assert (await ask(engine))[-1].stop_reason is not None


def test_after_a_rehearsal_the_first_prompt_is_written_at_once(tiny_engine: Any) -> None:
    tokenizer = tiny_engine._opened.tokenizer
    hi = (Message(role=Role.USER, content="Hi"),)
    with TemplateProcess(limit_s=0.5) as templates:
        rehearse(tokenizer, templates)
        child = psutil.Process(templates.pid)
        child.suspend()  # it answers nothing any more
        assert write_prompt(tokenizer, templates, hi, 512).tokens
        child.resume()


def test_a_template_that_refuses_the_rehearsal_is_told_of_later(tiny_engine: Any) -> None:
    tokenizer = copy.copy(tiny_engine._opened.tokenizer)
    tokenizer.chat_template = "{{ raise_exception('never') }}"
    with TemplateProcess() as templates:
        rehearse(tokenizer, templates)
        with pytest.raises(EngineError, match="never"):
            write_prompt(tokenizer, templates, (Message(role=Role.USER, content="Hi"),), 512)


_NO_SYSTEM = (
    "{% for m in messages %}{% if m.role == 'system' or not m.content %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "[{{ m.content|length }}]{% endfor %}"
)


@pytest.fixture
def particular(tiny_engine: Any) -> Any:
    """A tokenizer with a template that knows no system role."""
    tokenizer = copy.copy(tiny_engine._opened.tokenizer)
    tokenizer.chat_template = _NO_SYSTEM
    return tokenizer


def test_prompt_is_the_one_that_transformers_writes(tiny_engine: Any) -> None:
    tokenizer = tiny_engine._opened.tokenizer
    messages = (Message(role=Role.SYSTEM, content="a"), Message(role=Role.USER, content="你好"))
    turns = [{"role": message.role.value, "content": message.content} for message in messages]
    theirs = tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_dict=False)
    ours = write_prompt(tokenizer, tiny_engine._templates, messages, 512)
    assert ours.tokens == list(theirs)
    assert len(ours.tokens) > 10


def test_system_prompt_moves_to_the_user_where_the_template_wants_none(
    tiny_engine: Any, particular: Any
) -> None:
    messages = (
        Message(role=Role.SYSTEM, content="12345"),
        Message(role=Role.USER, content="123"),
        Message(role=Role.ASSISTANT, content="1"),
        Message(role=Role.USER, content="12"),
    )
    prompt = write_prompt(particular, tiny_engine._templates, messages, 12)
    assert particular.decode(prompt.tokens) == "[10][1][2]"
    assert (prompt.room, prompt.turn_ends) == (2, ())


def test_refusing_template_is_told_in_plain_words(tiny_engine: Any, particular: Any) -> None:
    empty = (Message(role=Role.USER, content=""),)
    with pytest.raises(EngineError, match=r"refuses this.*: System role not supported") as caught:
        write_prompt(particular, tiny_engine._templates, empty, 5)
    assert caught.value.kind is FailureKind.UNSUPPORTED


async def test_close_frees_the_model(load: Callable[..., Any], tiny_model: Path) -> None:
    import weakref

    engine, _, _ = await asyncio.to_thread(load, tiny_model)
    model = weakref.ref(engine._opened.model)
    await engine.close()
    assert model() is None
    with pytest.raises(EngineError, match="No model is loaded"):
        engine.generate(_request())
    assert threading.active_count() < 50


def _request(**sampling: Any) -> Generate:
    return Generate(
        job_id="ask",
        messages=(Message(role=Role.USER, content="Hello"),),
        sampling=SamplingParams(**({"temperature": 0.0} | sampling)),
    )
