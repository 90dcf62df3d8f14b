"""Workloads, what is wrong with them, and the figures of a benchmark."""

import json
from pathlib import Path

import pytest

from phidesk.core.bench import (
    PHI4,
    Answer,
    Memory,
    ModelBench,
    Run,
    WorkloadError,
    read_workload,
)
from phidesk.core.chat import MAX_TOKENS, Message, Role


def write(path: Path, *lines: object) -> str:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), "utf-8")
    return str(path)


def answer(tokens: int, ttft_s: float | None = 0.1, token_s: float | None = 0.01) -> Answer:
    return Answer(prompt_tokens=9, tokens=tokens, ttft_s=ttft_s, seconds=1.0, token_s=token_s)


class TestWorkload:
    def test_phi4_has_seven_prompts_in_two_languages(self) -> None:
        workload = read_workload(PHI4)
        assert workload.name == "phi4"
        lengths = [request.max_tokens for request in workload.requests]
        assert lengths == [7, 128, 194, 23, 104, 461, 131]
        assert workload.tokens == 1048
        prompts = [request.messages[0].content for request in workload.requests]
        assert len(set(prompts)) == 7
        chinese = [any("\u4e00" <= c <= "\u9fff" for c in prompt) for prompt in prompts]
        assert 2 <= sum(chinese) <= 5
        assert all(prompt == prompt.strip() for prompt in prompts)

    def test_a_line_is_a_prompt_or_a_conversation(self, tmp_path: Path) -> None:
        turns = [
            {"role": "system", "content": "短"},
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": "b"},
            {"role": "user", "content": "c\n"},
        ]
        where = write(
            tmp_path / "w.jsonl",
            {"prompt": "为什么？ 🦙", "max_tokens": 1},
            "",
            {"messages": turns, "max_tokens": 5},
            "  ",
        )
        one, two = read_workload(where).requests
        assert one.messages == (Message(role=Role.USER, content="为什么？ 🦙"),)
        assert (one.max_tokens, two.max_tokens) == (1, 5)
        assert [m.role.value for m in two.messages] == ["system", "user", "assistant", "user"]
        assert read_workload(where).name == "w.jsonl"

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("{", "truncated"),
            ("[]", "Expected `object`"),
            ({"prompt": "a"}, "missing required field `max_tokens`"),
            ({"max_tokens": 3}, "either prompt or messages"),
            ({"prompt": "a", "messages": [], "max_tokens": 3}, "either prompt or messages"),
            ({"prompt": " ", "max_tokens": 3}, "nothing to answer"),
            ({"messages": [], "max_tokens": 3}, "nothing to answer"),
            ({"prompt": "a", "max_tokens": 0}, f"between 1 and {MAX_TOKENS}, not 0"),
            ({"prompt": "a", "max_tokens": "3"}, r"Expected `int`, got `str` - at `\$.max_tokens`"),
            ({"prompt": 5, "max_tokens": 3}, "Expected `str"),
            ({"prompt": "a", "max_tokens": 3, "tempe": 1}, "unknown field `tempe`"),
            (
                {"messages": [{"role": "robot", "content": "a"}], "max_tokens": 3},
                "Invalid enum value 'robot'",
            ),
        ],
    )
    def test_a_bad_line_is_named_by_its_number(
        self, tmp_path: Path, line: object, words: str
    ) -> None:
        good = {"prompt": "a", "max_tokens": 1}
        where = write(tmp_path / "w.jsonl", good, "", line, good)
        with pytest.raises(WorkloadError, match=rf"^w\.jsonl, line 3: .*{words}"):
            read_workload(where)

    def test_several_bad_lines_are_named_but_not_all_of_many(self, tmp_path: Path) -> None:
        with pytest.raises(WorkloadError) as caught:
            read_workload(write(tmp_path / "w.jsonl", *["{"] * 9))
        lines = str(caught.value).splitlines()
        assert [line.split(":")[0] for line in lines[:5]] == [
            f"w.jsonl, line {n}" for n in range(1, 6)
        ]
        assert lines[5:] == ["and 4 more lines"]

    def test_what_is_no_workload_is_refused_in_words(self, tmp_path: Path) -> None:
        (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
        for where, words in (
            (write(tmp_path / "empty", ""), "holds no request"),
            (str(tmp_path / "bytes"), "no text in UTF-8"),
            (str(tmp_path / "gone"), "gone” cannot be read: No such file"),
            (str(tmp_path), "cannot be read: Is a directory"),
        ):
            with pytest.raises(WorkloadError, match=words):
                read_workload(where)


class TestFigures:
    def test_throughput_is_all_tokens_by_the_seconds_of_the_run(self) -> None:
        run = Run(seconds=4.0, answers=(answer(10), answer(30)))
        assert run.tokens == 40
        assert run.tokens_per_second == 10.0
        assert run.requests_per_second == 0.5

    def test_times_are_medians_over_the_answers_that_have_them(self) -> None:
        run = Run(
            seconds=1.0,
            answers=(
                answer(1, 0.5, None),
                answer(9, 0.1, 0.02),
                answer(9, 0.3, 0.04),
                answer(0, None, None),
            ),
        )
        assert run.ttft_s == 0.3
        assert run.token_s == pytest.approx(0.03)
        nothing = Run(seconds=0.0, answers=(answer(0, None, None),))
        assert (nothing.ttft_s, nothing.token_s, nothing.tokens_per_second) == (None, None, 0.0)

    def test_runs_are_summed_up_by_median_lowest_and_highest(self) -> None:
        runs = tuple(Run(seconds=s, answers=(answer(100, ttft_s=s / 10),)) for s in (1.0, 4.0, 2.0))
        figures = ModelBench(name="m", path="/m", runs=runs).figures
        assert figures is not None
        rate = figures.tokens_per_second
        assert (rate.median, rate.low, rate.high) == (50.0, 25.0, 100.0)
        assert figures.ttft_s is not None
        assert figures.ttft_s.median == pytest.approx(0.2)

    def test_a_model_that_failed_has_none(self) -> None:
        assert ModelBench(name="m", path="/m", error="no").figures is None


class TestMemory:
    def test_the_peak_is_that_of_each(self) -> None:
        one, two = Memory(ram=5, vram=1, vram_used=9), Memory(ram=3, vram=2, vram_used=1)
        assert one.peak(two) == Memory(ram=5, vram=2, vram_used=9)

    def test_growth_stands_for_what_the_driver_does_not_tell(self) -> None:
        before = Memory(vram_used=10)
        assert Memory(vram=0, vram_used=17).beyond(before).vram == 7
        assert Memory(vram=5, vram_used=17).beyond(before).vram == 5
        assert Memory(vram=0, vram_used=8).beyond(before).vram == 0
