"""The report card's own arithmetic, its verdict, and its file."""

from pathlib import Path

import msgspec
import pytest

from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.prompts import PROMPTS
from phidesk.core.recipes import Algorithm, Recipe, SaveFormat
from phidesk.core.report import (
    REPORT_FILE,
    Answer,
    Report,
    Side,
    Verdict,
    first_difference,
    load_report,
    report_file,
    save_report,
    saved_report,
)

SIDE = Side(
    name="模型",
    path="/m/模型",
    engine="transformers",
    quantization="bf16",
    size_bytes=10**9,
    memory_bytes=2 * 10**9,
    tokens_per_second=12.5,
    perplexity={"general": 20.5, "code": 6.5},
)
REPORT = Report(
    created="2026-11-22T04:00:00+00:00",
    original=SIDE,
    copy=SIDE,
    tokens={"general": 3000, "code": 1000},
    kl_divergence={"general": 0.04, "code": 0.08},
    top1_agreement={"general": 0.96, "code": 0.88},
    answers=(Answer(prompt="Why?", original="Because.", copy="Be cause", difference=2),),
    recipe=Recipe(algorithm=Algorithm.AWQ, format=SaveFormat.AUTO_AWQ),
)


def report(kl: float, agreement: float) -> Report:
    return msgspec.structs.replace(
        REPORT, tokens={"all": 7}, kl_divergence={"all": kl}, top1_agreement={"all": agreement}
    )


@pytest.mark.parametrize(
    ("kl", "agreement", "verdict"),
    [
        (0.0, 1.0, Verdict.EXCELLENT),
        (0.01, 0.95, Verdict.EXCELLENT),
        (0.0101, 1.0, Verdict.GOOD),
        (0.0, 0.9499, Verdict.GOOD),
        (0.05, 0.90, Verdict.GOOD),
        (0.0501, 1.0, Verdict.FAIR),
        (0.0, 0.8999, Verdict.FAIR),
        (0.20, 0.80, Verdict.FAIR),
        (0.2001, 1.0, Verdict.POOR),
        (0.0, 0.7999, Verdict.POOR),
        (9.0, 0.0, Verdict.POOR),
    ],
)
def test_a_verdict_asks_for_both_thresholds(kl: float, agreement: float, verdict: Verdict) -> None:
    assert report(kl, agreement).verdict is verdict


def test_means_weigh_the_packs_by_their_tokens() -> None:
    assert REPORT.mean_kl == pytest.approx((3 * 0.04 + 0.08) / 4)
    assert REPORT.agreement == pytest.approx((3 * 0.96 + 0.88) / 4)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("", "", None),
        ("same", "same", None),
        ("Paris", "paris", 0),
        ("It is Paris.", "It is Rome.", 6),
        ("It is", "It is Paris", 5),
        ("It is Paris", "It is", 5),
        ("", "a", 0),
        ("量化模型", "量化摸型", 2),
        ("👍🏽", "👍", 1),
    ],
)
def test_first_difference(left: str, right: str, expected: int | None) -> None:
    assert first_difference(left, right) == expected


def test_a_report_survives_its_file(tmp_path: Path) -> None:
    path = save_report(REPORT, tmp_path)
    assert path == tmp_path / REPORT_FILE
    assert load_report(tmp_path) == REPORT
    better = report(0.0, 1.0)
    save_report(better, tmp_path)
    assert load_report(tmp_path) == better
    assert [file.name for file in tmp_path.iterdir()] == [REPORT_FILE]


def test_gguf_files_in_one_folder_keep_their_own_reports(tmp_path: Path) -> None:
    models = [
        ModelRef(name=name, path=str(tmp_path / f"{name}.gguf"), format=ModelFormat.GGUF)
        for name in ("Q4", "模型", "none")
    ]
    made = []
    for model in models[:2]:
        side = msgspec.structs.replace(SIDE, name=model.name, path=model.path)
        made.append(msgspec.structs.replace(REPORT, copy=side))
    paths = [save_report(one, tmp_path) for one in made]
    assert [save_report(one, tmp_path) for one in made] == paths  # each in its own place
    assert [saved_report(model) for model in models] == [*made, None]
    assert [report_file(model) for model in models] == [*paths, None]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_without_a_report(tmp_path: Path) -> None:
    assert load_report(tmp_path) is None
    assert load_report(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff\xfe",
        msgspec.json.encode(REPORT)[:-20],
        msgspec.json.encode(REPORT).replace(b'"answers":[', b'"answers":[7,'),
        msgspec.json.encode(REPORT).replace(b'"signround"', b'"other"').replace(b"awq", b"?"),
    ],
)
def test_a_damaged_file_is_no_report(tmp_path: Path, data: bytes) -> None:
    (tmp_path / REPORT_FILE).write_bytes(data)
    assert load_report(tmp_path) is None


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        save_report(REPORT, tmp_path / "nowhere")


def test_ten_different_prompts_four_of_them_chinese() -> None:
    assert len(set(PROMPTS)) == 10
    assert sum(any("\u4e00" <= c <= "\u9fff" for c in prompt) for prompt in PROMPTS) == 4
    assert "What is the capital of France?" in PROMPTS
