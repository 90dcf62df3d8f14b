import pytest

from phidesk.core.chat import SamplingParams
from phidesk.core.load_options import LoadOptions, Speculation
from phidesk.core.vllm_cpu import load_problem, request_problem


@pytest.mark.parametrize(
    ("speculation", "temperature", "refused"),
    [
        (Speculation.OFF, 0.7, False),
        (Speculation.NGRAM, 0.0, False),
        (Speculation.NGRAM, 0.000001, False),
        (Speculation.NGRAM, 0.2, True),
        (Speculation.DRAFT, 0.2, True),
    ],
)
def test_chance_and_guesses_do_not_go_together(
    speculation: Speculation, temperature: float, refused: bool
) -> None:
    draft = "draft" if speculation is Speculation.DRAFT else ""
    options = LoadOptions(speculation=speculation, draft_model=draft)
    problem = request_problem(options, SamplingParams(temperature=temperature))
    assert ("temperature to 0" in problem) == refused


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (LoadOptions(), ""),
        (LoadOptions(gpus=2), "over 2 GPUs"),
        (LoadOptions(cpu_offload_bytes=1), "has all of them there"),
    ],
)
def test_options_of_a_graphics_card(options: LoadOptions, words: str) -> None:
    problem = load_problem(options)
    assert words in problem
    assert bool(problem) == bool(words)
