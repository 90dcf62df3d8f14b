"""Messages, and the bounds of how an answer is sampled."""

import math

import msgspec
import pytest

from phidesk.core.chat import MAX_SEED, MAX_TOKENS, Message, Role, SamplingParams

BOUNDS = {
    "temperature": (0.0, 5.0),
    "top_p": (0.0, 1.0),
    "top_k": (0, 1_000_000),
    "min_p": (0.0, 1.0),
    "repetition_penalty": (0.01, 10.0),
    "max_tokens": (1, MAX_TOKENS),
    "seed": (0, MAX_SEED),
}
FLOATS = ("temperature", "top_p", "min_p", "repetition_penalty")


def sampling(**fields: object) -> SamplingParams:
    return msgspec.convert(fields, SamplingParams)


def test_the_defaults_are_within_their_bounds() -> None:
    params = SamplingParams()
    for name, (low, high) in BOUNDS.items():
        value = getattr(params, name)
        assert value is None or low <= value <= high


def test_a_seed_fits_into_32_bits_and_is_never_llama_cpps_word_for_any() -> None:
    assert MAX_SEED == 0xFFFFFFFE


def test_every_number_has_bounds() -> None:
    assert {f.name for f in msgspec.structs.fields(SamplingParams)} == {*BOUNDS, "stop"}


@pytest.mark.parametrize(("name", "bounds"), BOUNDS.items())
def test_the_bounds_themselves_are_allowed(name: str, bounds: tuple[float, float]) -> None:
    for value in bounds:
        assert getattr(sampling(**{name: value}), name) == value


@pytest.mark.parametrize(("name", "bounds"), BOUNDS.items())
def test_just_outside_the_bounds_is_refused_by_name(name: str, bounds: tuple[float, float]) -> None:
    low, high = bounds
    step = 1e-9 if name in FLOATS else 1
    for value in (low - step, high + step):
        with pytest.raises(ValueError, match=name.replace("_", ".")):
            SamplingParams(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [math.nan, -math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", FLOATS)
def test_what_is_no_finite_number_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match="must lie between"):
        SamplingParams(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["top_k", "max_tokens", "seed"])
def test_a_count_that_no_engine_can_hold_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="must lie between"):
        SamplingParams(**{name: 10**30})  # type: ignore[arg-type]


def test_an_empty_stop_string_is_refused() -> None:
    with pytest.raises(ValueError, match="stop string cannot be empty"):
        SamplingParams(stop=("###", ""))
    assert SamplingParams(stop=("###", "\n", " ")).stop == ("###", "\n", " ")


@pytest.mark.parametrize(
    "frame",
    [
        b'{"temperature": 5.1}',
        b'{"top_p": null}',
        b'{"top_k": 1.5}',
        b'{"top_k": -1}',
        b'{"max_tokens": 0}',
        b'{"seed": -1}',
        b'{"stop": [""]}',
        b'{"stop": "text"}',
    ],
)
def test_bounds_hold_for_what_comes_through_the_pipe(frame: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(frame, type=SamplingParams)


def test_roles_are_the_words_of_the_chat_templates() -> None:
    assert [str(role) for role in Role] == ["system", "user", "assistant"]
    message = msgspec.json.decode(b'{"role": "user", "content": "hi"}', type=Message)
    assert message == Message(role=Role.USER, content="hi")
    with pytest.raises(msgspec.ValidationError, match="tool"):
        msgspec.json.decode(b'{"role": "tool", "content": ""}', type=Message)
