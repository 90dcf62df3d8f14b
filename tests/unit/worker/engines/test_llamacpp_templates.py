"""llama.cpp renders templates itself: none that does not end gets that far."""

from contextlib import aclosing
from pathlib import Path

import pytest

from phidesk.core.catalog import open_model
from phidesk.core.chat import Message, Role, SamplingParams
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import Event, FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.llamacpp import LlamaCppEngine
from phidesk.worker.engines.template_check import TemplateGuard
from phidesk.worker.reporter import Reporter
from tests.models import write_with_template

_ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
# Ten to the twelfth turns, of which no number tells, and only for one question.
_ON_A_WORD = (
    "{% if messages[-1].content == 'boo' %}{% set d = [0,1,2,3,4,5,6,7,8,9] %}"
    + "".join("{% for a in d %}" for _ in range(12))
    + "{% endfor %}" * 12
    + "{% endif %}{% for m in messages %}{{ m.content }}\n{% endfor %}"
)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> LlamaCppEngine:
    """With less patience than usual."""
    monkeypatch.setattr(TemplateGuard.__init__, "__defaults__", (0.5,))
    return LlamaCppEngine()


async def _load(engine: LlamaCppEngine, path: Path, *, agreed: bool = False) -> None:
    spec = LoadModel(
        job_id="load",
        model=open_model(path),
        engine="llamacpp",
        context_length=512,
        without_code=agreed,
    )
    events: list[Event] = []
    await engine.load(spec, Reporter("load", events.append))


async def _ask(engine: LlamaCppEngine, text: str) -> int:
    request = Generate(
        job_id="ask",
        messages=(Message(role=Role.USER, content=text),),
        sampling=SamplingParams(temperature=0.0, max_tokens=2),
    )
    async with aclosing(engine.generate(request)) as pieces:
        return sum([piece.tokens async for piece in pieces])


async def test_an_odd_template_is_refused_and_stopped_for_who_agrees(
    engine: LlamaCppEngine, tmp_path: Path
) -> None:
    path = write_with_template(tmp_path / "endless.gguf", _ENDLESS)
    with pytest.raises(EngineError, match="counts very far") as caught:
        await _load(engine, path)
    assert caught.value.kind is FailureKind.ODD_TEMPLATE
    with pytest.raises(EngineError, match="did not end within") as caught:
        await _load(engine, path, agreed=True)
    assert caught.value.kind is FailureKind.UNSUPPORTED
    await engine.close()


async def test_one_that_waits_for_a_word_is_stopped_at_that_word(
    engine: LlamaCppEngine, tmp_path: Path
) -> None:
    await _load(engine, write_with_template(tmp_path / "waits.gguf", _ON_A_WORD))
    assert await _ask(engine, "hi") == 2
    with pytest.raises(EngineError, match="did not end within"):
        await _ask(engine, "boo")
    assert await _ask(engine, "hi") == 2
    await engine.close()


async def test_the_rehearsal_is_with_the_models_own_tokens(
    engine: LlamaCppEngine, tmp_path: Path
) -> None:
    """Of the starter model's, both are not what most rehearsals take."""
    waits = _ON_A_WORD.replace("messages[-1].content == 'boo'", "eos_token == '<|im_end|>'")
    with pytest.raises(EngineError, match="did not end within"):
        await _load(engine, write_with_template(tmp_path / "waits.gguf", waits))
    await engine.close()


async def test_what_llama_cpp_cannot_read_is_told(engine: LlamaCppEngine, tmp_path: Path) -> None:
    path = write_with_template(tmp_path / "broken.gguf", "{{ ''.nothing.at_all() }}")
    with pytest.raises(EngineError, match=r"llama\.cpp cannot read the chat template of “broken"):
        await _load(engine, path)
    await engine.close()


async def test_an_answer_goes_on_where_it_ended(engine: LlamaCppEngine, tmp_path: Path) -> None:
    """Also one that has thought, which the template would take out of an earlier answer."""
    thinks = (
        "{% for m in messages %}<|im_start|>{{ m.role }}\n"
        "{{ m.content.split('</think>')[-1] }}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    await _load(engine, write_with_template(tmp_path / "thinks.gguf", thinks), agreed=True)
    question = Message(role=Role.USER, content="What is the capital of France?")
    counts = []
    for begun in ("The capital of", "<think>\nEasy.\n</think>\n\nThe capital of"):
        request = Generate(
            job_id="on",
            messages=(question, Message(role=Role.ASSISTANT, content=begun)),
            sampling=SamplingParams(temperature=0.0, max_tokens=16),
            continues=True,
        )
        async with aclosing(engine.generate(request)) as pieces:
            found = [piece async for piece in pieces]
        assert "".join(piece.text for piece in found) == " France is Paris."
        counts.append(found[0].prompt_tokens or 0)
    assert counts[0] < counts[1]  # the model has read its thoughts
    await engine.close()
