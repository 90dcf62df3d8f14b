"""What the tests of the Quantize pane do with it."""

from collections.abc import Callable, Coroutine
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from phidesk.app import App
from phidesk.core.models import ModelRef
from phidesk.core.recipes import Algorithm, Recipe, SaveFormat
from phidesk.ui.quantize.pane import QuantizePane
from phidesk.viewmodels.quantize import QuantizeStep
from tests.ui.conftest import until
from tests.ui.quantize.script import Play

Body = Callable[[App, QuantizePane], Coroutine[None, None, None]]
Run = Callable[[Body], None]


async def choose(app: App, source: ModelRef) -> Recipe:
    app.quantize.plan.choose_source(source)
    await until(lambda: app.quantize.plan.recipe is not None)
    recipe = app.quantize.plan.recipe
    assert recipe is not None
    return recipe


async def tuned(app: App, source: ModelRef, **settings: object) -> None:
    """Choose SignRound to a checkpoint, which can be resumed."""
    recipe = await choose(app, source)
    settings = {"group_size": 64, **settings}
    app.quantize.plan.set_recipe(
        replace(recipe, algorithm=Algorithm.SIGNROUND, format=SaveFormat.AUTO_ROUND, **settings)
    )


async def start(app: App, pane: QuantizePane, source: ModelRef) -> Path:
    await tuned(app, source)
    app.quantize.go_to(QuantizeStep.CHECK)
    out = app.quantize.plan.out
    click(pane.next)
    assert app.quantize.step is QuantizeStep.RUN
    return out


def click(button: QAbstractButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def sent(play: Play, kind: type) -> list[object]:
    return [command for command in play.commands if isinstance(command, kind)]
