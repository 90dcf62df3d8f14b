"""The table of recipes, the cards that it is offered as, and what the pre-flight says of them."""

from pathlib import Path

import msgspec
import pytest

from phidesk.core import preflight as preflight_module
from phidesk.core.catalog import starter
from phidesk.core.machine import Machine
from phidesk.core.models import Concern, Device, ModelFormat, ModelRef
from phidesk.core.preflight import Finding, Level, Preflight, examine
from phidesk.core.presets import Card, card_recipe
from phidesk.core.recipes import (
    PER_CHANNEL,
    ROWS,
    Algorithm,
    Recipe,
    SaveFormat,
    row_for,
    rows_with,
)
from phidesk.core.shape import ModelShape, read_shape

GB = 10**9
HERE = Machine(device=Device.CPU, ram_free=20 * GB, ram_total=24 * GB)
CARD = Machine(
    device=Device.CUDA,
    ram_free=60 * GB,
    ram_total=64 * GB,
    vram_free=23 * GB,
    vram_total=24 * GB,
    gpu_name="NVIDIA GeForce RTX 4090",
)
FUSED = {"self_attn.qkv_proj": 5120, "self_attn.o_proj": 5120, "mlp.gate_up_proj": 5120}
# Phi-4: 40 layers, fused projections, https://huggingface.co/microsoft/phi-4
PHI4 = ModelShape(
    blocks=40,
    hidden=5120,
    vocabulary=100_352,
    in_features={**FUSED, "mlp.down_proj": 17_920},
    out_features={
        "self_attn.qkv_proj": 7680,
        "self_attn.o_proj": 5120,
        "mlp.gate_up_proj": 35_840,
        "mlp.down_proj": 5120,
    },
    block_parameters=340_787_200,
    parameters=14_659_502_080,
)
PHI4_MODEL = ModelRef(
    name="phi-4", path="/m/phi-4", format=ModelFormat.SAFETENSORS, context_length=16_384
)
RECIPE = Recipe(
    algorithm=Algorithm.SIGNROUND, format=SaveFormat.AUTO_ROUND, group_size=64, seqlen=512
)


@pytest.fixture(autouse=True)
def everything_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight_module, "missing", lambda _modules: ())
    monkeypatch.setattr(preflight_module, "missing_modules", lambda _engine: ())


@pytest.fixture(scope="module")
def small() -> tuple[ModelRef, ModelShape]:
    model = starter()
    assert model is not None
    return model, read_shape(model)


def test_the_shape_of_the_starter_model(small: tuple[ModelRef, ModelShape]) -> None:
    shape = small[1]
    assert (shape.blocks, shape.hidden, shape.vocabulary) == (30, 576, 49_152)
    assert shape.parameters == pytest.approx(134_515_008, rel=0.001)  # its model card's 135M
    assert shape.not_divisible(128).keys() == shape.in_features.keys() - {"mlp.down_proj"}
    assert shape.largest_group(frozenset({32, 64, 128})) == 64


def test_every_row_is_found_by_its_own_settings() -> None:
    for row in ROWS:
        for algorithm in row.algorithms:
            for save_format in row.formats:
                assert row in rows_with(algorithm=algorithm, save_format=save_format)
                recipe = Recipe(
                    algorithm=algorithm,
                    format=save_format,
                    bits=min(row.bits),
                    symmetric=min(row.symmetric),
                    group_size=min(row.group_sizes, default=128),
                )
                assert row_for(recipe) == row


@pytest.mark.parametrize("card", Card)
def test_the_cards_may_start_on_a_processor(
    card: Card, small: tuple[ModelRef, ModelShape], tmp_path: Path
) -> None:
    model, shape = small
    recipe = card_recipe(card, model, shape, HERE)
    assert recipe.format.is_gguf
    found = examine(model, shape, recipe, HERE, tmp_path / "copy")
    assert found.may_start, found.stops


@pytest.mark.parametrize("card", Card)
def test_the_cards_may_start_on_a_graphics_card(card: Card, tmp_path: Path) -> None:
    recipe = card_recipe(card, PHI4_MODEL, PHI4, CARD)
    assert (recipe.format, recipe.group_size) == (SaveFormat.AUTO_ROUND, 128)
    found = examine(PHI4_MODEL, PHI4, recipe, CARD, tmp_path / "copy")
    assert [f for f in found.stops if f.topic != "Disk"] == []


def test_a_group_size_that_does_not_divide_is_mended(
    small: tuple[ModelRef, ModelShape], tmp_path: Path
) -> None:
    recipe = msgspec.structs.replace(RECIPE, group_size=128)
    (stop,) = checked(small, recipe, tmp_path).stops
    assert stop.text == "Group size 128 does not divide 576: use 64."
    assert stop.remedy is not None
    assert stop.remedy.group_size == 64
    assert checked(small, stop.remedy, tmp_path).may_start


def test_a_shape_that_no_group_divides_is_quantized_per_channel(tmp_path: Path) -> None:
    odd = msgspec.structs.replace(PHI4, in_features={"mlp.down_proj": 17_921})
    found = examine(PHI4_MODEL, odd, RECIPE, CARD, tmp_path / "copy")
    remedy = next(f.remedy for f in found.stops if f.topic == "Group size")
    assert remedy is not None
    assert remedy.group_size == PER_CHANNEL


@pytest.mark.parametrize(
    ("changes", "words", "mended"),
    [
        ({"bits": 5}, "2, 3, 4 or 8 bits, not 5", {"bits": 4}),
        ({"format": SaveFormat.AUTO_AWQ, "bits": 8}, "4 bits, not 8", {"bits": 4}),
        ({"bits": 8, "symmetric": False}, "cannot be asymmetric", {"symmetric": True}),
        ({"format": SaveFormat.AUTO_AWQ, "average_bits": 3.5}, "mix", {"average_bits": None}),
        ({"seqlen": 9_000}, "reads 8,192 tokens", {"seqlen": 8192}),
    ],
)
def test_settings_that_do_not_go_together_are_mended(
    small: tuple[ModelRef, ModelShape],
    tmp_path: Path,
    changes: dict[str, object],
    words: str,
    mended: dict[str, object],
) -> None:
    recipe = msgspec.structs.replace(RECIPE, samples=4, **changes)
    (stop,) = [f for f in checked(small, recipe, tmp_path).stops if f.remedy is not None]
    assert words in stop.text
    assert stop.remedy == msgspec.structs.replace(recipe, **mended)


def test_too_little_memory_stops_and_says_both_figures(tmp_path: Path) -> None:
    poor = msgspec.structs.replace(CARD, vram_free=6 * GB)
    found = examine(PHI4_MODEL, PHI4, RECIPE, poor, tmp_path / "copy")
    (stop,) = [f for f in found.stops if f.topic == "GPU memory"]
    assert f"{found.needs.vram / 1e9:.1f} GB" in stop.text
    assert "6.0 GB are free" in stop.text


def test_awq_is_refused_where_no_kernel_reads_it(tmp_path: Path) -> None:
    recipe = msgspec.structs.replace(RECIPE, format=SaveFormat.AUTO_AWQ)
    found = examine(PHI4_MODEL, PHI4, recipe, CARD, tmp_path / "copy")
    assert any("No kernel here runs AWQ" in f.text for f in found.stops)


@pytest.mark.parametrize(
    ("changes", "level", "words"),
    [
        ({"problem": "cut off"}, Level.STOP, "cut off"),
        ({"concerns": (Concern.PICKLE,)}, Level.STOP, "pickles"),
        ({"method": "gptq", "quantization": "gptq 4-bit"}, Level.STOP, "quantized already"),
        ({"concerns": (Concern.REMOTE_CODE,)}, Level.CARE, "not run"),
        ({}, Level.GOOD, "good original"),
    ],
)
def test_the_source_is_judged(
    tmp_path: Path, changes: dict[str, object], level: Level, words: str
) -> None:
    model = msgspec.structs.replace(PHI4_MODEL, **changes)
    found = examine(model, PHI4, RECIPE, CARD, tmp_path / "copy")
    source = of(found, "Source")
    assert source.level is level
    assert words in source.text


def test_texts_that_are_too_short(small: tuple[ModelRef, ModelShape], tmp_path: Path) -> None:
    def calibration(tokens: int) -> Finding:
        found = examine(*small, RECIPE, HERE, tmp_path / "copy", tokens)
        return of(found, "Calibration")

    assert calibration(100).level is Level.STOP
    some = calibration(512 * 40)
    assert some.level is Level.CARE
    assert "40 of 128" in some.text
    assert calibration(512 * 128).level is Level.GOOD


def test_a_copy_that_is_there_is_not_overwritten(
    small: tuple[ModelRef, ModelShape], tmp_path: Path
) -> None:
    (tmp_path / "copy").mkdir()
    assert of(checked(small, RECIPE, tmp_path), "Disk").level is Level.STOP


@pytest.mark.parametrize(
    ("save_format", "bits", "measured_mb"),
    [(SaveFormat.Q4_K_M, 4, 105.5), (SaveFormat.AUTO_ROUND, 4, 113.9)],
)
def test_the_size_of_the_copy_is_near_what_was_measured(
    small: tuple[ModelRef, ModelShape],
    tmp_path: Path,
    save_format: SaveFormat,
    bits: int,
    measured_mb: float,
) -> None:
    recipe = msgspec.structs.replace(RECIPE, format=save_format, bits=bits)
    needs = checked(small, recipe, tmp_path).needs
    assert needs.result / 1e6 == pytest.approx(measured_mb, rel=0.05)


def test_phi4_in_4_bits_has_the_published_size(tmp_path: Path) -> None:
    recipe = msgspec.structs.replace(RECIPE, group_size=128)
    needs = examine(PHI4_MODEL, PHI4, recipe, CARD, tmp_path / "copy").needs
    # 8.51 GiB in vLLM's log, with both embeddings in 16 bits
    assert needs.result / 2**30 == pytest.approx(8.51, rel=0.05)


def checked(small: tuple[ModelRef, ModelShape], recipe: Recipe, folder: Path) -> Preflight:
    return examine(*small, recipe, HERE, folder / "copy")


def of(found: Preflight, topic: str) -> Finding:
    return next(f for f in found.findings if f.topic == topic)
