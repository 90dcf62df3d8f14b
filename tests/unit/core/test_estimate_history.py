from pathlib import Path

import pytest

from phidesk.core.engines import EngineName
from phidesk.core.estimate_history import EstimateHistory, Outcome
from phidesk.core.models import Device

VLLM, CUDA, CPU = EngineName.VLLM, Device.CUDA, Device.CPU


def outcome(plain: int, measured: int, **more: object) -> Outcome:
    values = {"engine": VLLM, "device": CUDA, "estimated": plain} | more
    return Outcome(plain=plain, measured=measured, **values)  # type: ignore[arg-type]


def test_nothing_is_known_at_first(tmp_path: Path) -> None:
    history = EstimateHistory(tmp_path / "none" / "estimates.jsonl")
    assert history.correction(VLLM, CUDA) == 0
    assert history.quality(VLLM, CUDA) is None


def test_the_median_of_the_latest_misses_corrects(tmp_path: Path) -> None:
    file = tmp_path / "new" / "estimates.jsonl"
    history = EstimateHistory(file)
    for miss in (900, *(100,) * 4, 5000, *(120,) * 4):
        history.add(outcome(10_000, 10_000 + miss))
    history.add(outcome(1000, 1, device=CPU))
    again = EstimateHistory(file)
    for known in (history, again):
        assert known.correction(VLLM, CUDA) == 120  # of the last eight: 3 x 100, 5000, 4 x 120
        assert known.correction(VLLM, CPU) == -999
        assert known.correction(EngineName.LLAMACPP, CPU) == 0


def test_how_good_the_shown_estimates_have_been(tmp_path: Path) -> None:
    history = EstimateHistory(tmp_path / "estimates.jsonl")
    history.add(outcome(0, 1000, estimated=900))
    history.add(outcome(0, 1000, estimated=1020))
    quality = history.quality(VLLM, CUDA)
    assert quality is not None
    assert quality.loads == 2
    assert quality.worst == pytest.approx(0.1)
    assert quality.mean == pytest.approx(0.06)


def test_damaged_lines_are_passed_over_and_old_ones_dropped(tmp_path: Path) -> None:
    file = tmp_path / "estimates.jsonl"
    file.write_bytes(b"\xff\n{}\nnonsense\n")
    history = EstimateHistory(file)
    for _ in range(350):
        history.add(outcome(10, 15))
    assert history.correction(VLLM, CUDA) == 5
    assert len(file.read_bytes().splitlines()) == 300


def test_a_file_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    history = EstimateHistory(blocked / "estimates.jsonl")
    history.add(outcome(10, 15))
    assert history.correction(VLLM, CUDA) == 5


def test_what_another_process_has_added_stays(tmp_path: Path) -> None:
    window, command = (EstimateHistory(tmp_path / "estimates.jsonl") for _ in range(2))
    assert window.quality(VLLM, CUDA) is None
    command.add(outcome(10, 15))
    window.add(outcome(10, 15))
    quality = EstimateHistory(tmp_path / "estimates.jsonl").quality(VLLM, CUDA)
    assert quality is not None
    assert quality.loads == 2


def test_a_correction_has_bounds(tmp_path: Path) -> None:
    history = EstimateHistory(tmp_path / "estimates.jsonl")
    history.add(outcome(10**10, 0))
    assert history.correction(VLLM, CUDA) == -(10**9)
