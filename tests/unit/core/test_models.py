"""What a model's description may hold."""

import msgspec
import pytest

from phidesk.core.models import Concern, ModelFormat, ModelRef, plausible_tokens, well_formed


@pytest.mark.parametrize("claim", [1, 2048, 10_485_760, 2**31 - 1])
def test_a_possible_context_length_is_kept(claim: int) -> None:
    assert plausible_tokens(claim) == claim


@pytest.mark.parametrize(
    "claim",
    [0, -1, 2**31, 10**30, True, False, 1.0, 1e30, float("nan"), None, "2048", [2048], {}],
)
def test_an_impossible_context_length_is_unknown(claim: object) -> None:
    assert plausible_tokens(claim) is None


@pytest.mark.parametrize("text", ["", "plain", "模型 🦙", "\u2028\0\x7f", "\ufeffmark"])
def test_well_formed_text_is_kept(text: str) -> None:
    assert well_formed(text) == text


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("\udcff", "\ufffd"),
        ("a\udcffb\udcfe", "a\ufffdb\ufffd"),
        ("half \ud83d", "half \ufffd"),
        ("\ud83dx", "\ufffdx"),
        ("\ud83d\ude00", "😀"),
    ],
)
def test_half_characters_are_replaced_and_halves_joined(text: str, mended: str) -> None:
    assert well_formed(text) == mended
    assert msgspec.json.decode(msgspec.json.encode(well_formed(text))) == mended


def test_a_model_survives_the_way_to_the_worker() -> None:
    model = ModelRef(
        name="模型 🦙",
        path="/home/我/model",
        format=ModelFormat.SAFETENSORS,
        architecture="llama",
        quantization="gptq 4-bit",
        method="gptq",
        size_bytes=10**13,
        context_length=2**31 - 1,
        concerns=(Concern.REMOTE_CODE, Concern.PICKLE),
        problem="none",
        is_starter=True,
    )
    assert msgspec.json.decode(msgspec.json.encode(model), type=ModelRef) == model


def test_a_model_cannot_be_changed() -> None:
    model = ModelRef(name="a", path="/a", format=ModelFormat.GGUF)
    with pytest.raises(AttributeError):
        model.name = "b"  # type: ignore[misc]
