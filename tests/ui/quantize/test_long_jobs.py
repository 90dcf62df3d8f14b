"""What the desktop sees of long jobs: the title, and what is said when one ends."""

from importlib.util import find_spec

import pytest

from phidesk.app import App
from phidesk.core.models import ModelRef
from phidesk.ui.quantize.pane import QuantizePane
from phidesk.viewmodels.report import ReportState
from tests.ui.conftest import until
from tests.ui.quantize.driving import Run, start
from tests.ui.quantize.script import Play

is_there = find_spec("torch") is not None and find_spec("auto_round") is not None
pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not is_there, reason="auto-round is not installed"),
]


def test_the_title_says_how_far_it_is_and_each_end_is_told(
    run: Run, play: Play, source: ModelRef
) -> None:
    async def body(app: App, pane: QuantizePane) -> None:
        titles: list[str] = []
        said: list[tuple[str, str]] = []
        app.window.windowTitleChanged.connect(titles.append)
        app.jobs.ended.connect(lambda what, name: said.append((what, name)))
        out = await start(app, pane, source)
        await until(lambda: app.quantize.report.state is ReportState.READY)
        shown = [int(title.partition(" % – phidesk")[0]) for title in titles if "%" in title]
        assert shown
        assert max(shown) <= 100
        assert app.window.windowTitle() == "phidesk"
        assert app.jobs.percent is None
        assert said == [
            ("The quantized copy is ready", out.name),
            ("The report card is ready", out.name),
        ]

    run(body)


def test_what_the_user_ends_is_not_told(run: Run, play: Play, source: ModelRef) -> None:
    play.ends_at, play.ending = 1, "hangs"

    async def body(app: App, pane: QuantizePane) -> None:
        said: list[str] = []
        app.jobs.ended.connect(lambda what, name: said.append(what))
        await start(app, pane, source)
        await until(lambda: app.quantize.run.done == 1)
        await until(lambda: app.window.windowTitle() != "phidesk")
        app.quantize.run.cancel()
        await until(lambda: not app.quantize.run.is_active)
        assert app.window.windowTitle() == "phidesk"
        assert said == []

    run(body)
