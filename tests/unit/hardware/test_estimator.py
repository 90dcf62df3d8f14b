from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from phidesk.core import number_formats
from phidesk.core.engines import EngineName
from phidesk.core.estimate_history import EstimateHistory
from phidesk.core.load_options import Dtype, LoadOptions, Place
from phidesk.core.memory import Estimator, read_facts
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.number_formats import keep_format, matrix_shape
from phidesk.hardware.estimator import estimator_for
from phidesk.hardware.outcomes import LoadedFacts, outcome_of
from phidesk.hardware.sampler import Sample
from tests.ui.serving.machine import make_model

TRANSFORMERS, ON_CPU = EngineName.TRANSFORMERS, LoadOptions(place=Place.CPU)
GB = 10**9
THERE = Sample(ram_total_bytes=64 * GB, ram_used_bytes=10 * GB, cpu_percent=0, worker_bytes=3 * GB)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelRef:
    """A model in bf16 on a machine that has measured nothing."""
    monkeypatch.setattr(number_formats, "cache_dir", lambda: tmp_path / "cache")
    folder = make_model(tmp_path / "m", 1.0, quantization_config=None)
    return ModelRef(name="m", path=str(folder), format=ModelFormat.SAFETENSORS, quantization="bf16")


def made(model: ModelRef, options: LoadOptions = ON_CPU, sample: Sample = THERE) -> Estimator:
    facts = read_facts(model)
    assert facts is not None
    history = EstimateHistory(Path(model.path) / "estimates.jsonl")
    return estimator_for(model, facts, TRANSFORMERS, options, sample, history)


def keep(model: ModelRef, name: str, setting: str = "torch 2, 2 threads") -> None:
    facts = read_facts(model)
    assert facts is not None
    keep_format(*matrix_shape(facts.config), setting, name)


def test_the_estimate_has_the_format_that_was_measured(model: ModelRef) -> None:
    unknown = made(model)
    plain, doubled = unknown.at(1024), unknown.doubled(1024)
    assert plain is not None
    assert doubled is not None
    assert doubled.weights == 2 * plain.weights
    keep(model, "fp32")
    known = made(model)
    assert known.at(1024) == doubled
    assert known.doubled(1024) is None
    asked = made(model, replace(ON_CPU, dtype=Dtype.BF16))
    assert asked.at(1024) == plain
    assert asked.doubled(1024) is None


def test_other_settings_that_disagree_leave_it_open(model: ModelRef) -> None:
    keep(model, "fp32")
    keep(model, "bf16", "torch 2, 4 threads")
    assert made(model).may_double


def test_what_has_no_room_for_32_bits_is_loaded_in_16(model: ModelRef) -> None:
    keep(model, "fp32")
    large = replace(model, size_bytes=29 * GB)  # 58 GB in 32 bits; 57 are free without ours
    assert made(large).element_size == 2
    assert made(replace(large, size_bytes=28 * GB)).element_size == 4


@pytest.mark.parametrize(("dtype", "is_kept"), [("fp32", True), ("bf16", False)])
def test_a_load_in_another_format_is_no_miss(model: ModelRef, dtype: str, is_kept: bool) -> None:
    keep(model, "fp32")
    facts: dict[str, Any] = {"model": model, "engine": TRANSFORMERS, "options": ON_CPU}
    load = LoadedFacts(device="cpu", dtype=dtype, context_length=1024, **facts)
    found = outcome_of(load, THERE, EstimateHistory(Path(model.path) / "estimates.jsonl"))
    assert (found is not None) is is_kept
