"""What the workers log."""

import pytest

from phidesk.viewmodels.log import MOST_LINES, Level, LogViewModel, level_of


@pytest.mark.parametrize(
    ("level", "text", "expected"),
    [
        ("info", "INFO 07-12 10:00:00 [x.py:1] hello", Level.INFO),
        ("info", "(EngineCore pid=12) WARNING 07-12 [x.py:1] slow", Level.WARNING),
        ("info", "[rank0]: ERROR 07-12 no room", Level.ERROR),
        ("info", "CRITICAL it is over", Level.ERROR),
        ("info", "WARN half a word", Level.WARNING),
        ("info", "DEBUG detail", Level.DEBUG),
        ("info", "Traceback (most recent call last):", Level.ERROR),
        ("info", "ValueError: no", Level.ERROR),
        ("info", "an information about errors", Level.INFO),
        ("info", "x" * 80 + " ERROR far behind", Level.INFO),
        ("warning", "a library's own", Level.WARNING),
        ("critical", "a library's own", Level.ERROR),
        ("error", "INFO says the text, but not the library", Level.ERROR),
        ("strange", "unknown", Level.INFO),
    ],
)
def test_the_level_is_the_library_s(level: str, text: str, expected: Level) -> None:
    assert level_of(level, text) is expected


def test_only_the_last_lines_are_kept_and_each_is_read_once() -> None:
    log = LogViewModel()
    for number in range(MOST_LINES + 10):
        log.add("info", f"line {number}")
    lines = log.read(0)
    assert len(lines) == MOST_LINES
    assert lines[0].text == "line 10"
    assert log.read(log.count) == []
    log.add("info", "more")
    assert [line.text for line in log.read(log.count - 1)] == ["more"]


def test_a_reader_is_told_once_until_it_has_read() -> None:
    log, told = LogViewModel(), []
    log.grown.connect(lambda: told.append(1))
    log.add("info", "a")
    log.add("info", "b")
    assert len(told) == 1
    log.read(0)
    log.add("info", "c")
    assert len(told) == 2


def test_colours_and_the_steps_of_a_progress_bar_are_taken_out() -> None:
    log = LogViewModel()
    log.add("info", "\x1b[1;36m(EngineCore)\x1b[0m INFO hello")
    log.add("info", "  0%|  |\r 50%|# |\r100%|##|\r")
    log.add("info", "two\nlines")
    assert [line.text for line in log.read(0)] == [
        "(EngineCore) INFO hello", "100%|##|", "two", "lines",
    ]  # fmt: skip
