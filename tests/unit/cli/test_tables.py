"""Tables line up, whatever the width of their characters."""

import pytest

from phidesk.cli.tables import table, width_of


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("模型", 4), ("é", 1), ("e\u0301", 1), ("🦙", 2), ("ａ", 2), ("–", 1)],
)
def test_columns_of_a_terminal(text: str, width: int) -> None:
    assert width_of(text) == width


def test_every_column_begins_where_the_one_above_does() -> None:
    lines = table([("", "小模型 W4", "b"), ("load", "1.0 s", "2.0 s"), ("x", "", "")])
    assert lines == ["      小模型 W4  b", "load  1.0 s      2.0 s", "x"]
    starts = [width_of(lines[0][: lines[0].index("b")]), lines[1].index("2.0")]
    assert starts[0] == starts[1]
