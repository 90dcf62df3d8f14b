"""How a chat with 1,000 messages opens, streams, types and scrolls, each figure beside its limit.

    python -m tests.benchmarks.long_chat [--messages 1000] [--seconds 15] [--picture PATH]

The messages are Markdown with code, lists, tables, formulas, English and Chinese, 300,000 tokens
in all (four characters of English or code a token, one and a half of Chinese). While an answer
grows by 300 tokens a second, keys are pressed at set times: what counts is the time from then to
the end of the painting, waiting included. `alone` is the same in an empty chat without an answer.
On a machine that is busy with other things all that is too long: `cpu` is the longest of the same
steps in time on the processor.
"""

import argparse
import asyncio
import gc
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from phidesk.app import App
from phidesk.core.chat import GenerationResult, Role, StopReason
from phidesk.core.conversation import MessageState
from phidesk.core.paths import resources
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel
from tests.benchmarks.window import application, own_folders

TOKENS = 300_000
RATE = 300
FLUSH_S = 0.03
KEY_S, WHEEL_S = 0.07, 0.016
OPEN_MS, KEY_MS, STALL_MS, GROWTH_MB = 500, 16, 33, 60
FORMULA = r"The loss is $L = -\sum_i y_i \log p_i$, and over the batch:" + "\n\n$$\n"
FORMULA += r"\nabla L = \frac{1}{N} \sum_{n=1}^{N} (p_n - y_n)\, x_n" + "\n$$"
_CHINESE = re.compile(r"[\u3000-\u9fff]")


def tokens(text: str) -> float:
    """Return about how many tokens a text has."""
    chinese = len(_CHINESE.findall(text))
    return chinese / 1.5 + (len(text) - chinese) / 4


def chapters(seed: int) -> Iterator[str]:
    """Yield pieces of Markdown without end."""
    chance = random.Random(seed)

    def paragraphs(name: str) -> list[str]:
        text = (resources() / "texts" / f"{name}.txt").read_text(encoding="utf-8")
        return [part.strip() for part in text.split("\n\n") if len(part) > 80]

    english, chinese, code = (paragraphs(name) for name in ("general", "chinese", "code"))

    def words(count: int) -> str:
        return " ".join(chance.choice(english).split()[:count])

    while True:
        match chance.randrange(8):
            case 0:
                yield f"## {words(5)}\n\n{chance.choice(english)}"
            case 1:
                yield f"```python\n{chance.choice(code)[:1500]}\n```"
            case 2:
                yield "\n".join(f"{n}. **{words(2)}**: {words(14)}" for n in range(1, 6))
            case 3:
                rows = "\n".join(f"| {words(2)} | `{n}` | {words(4)} |" for n in range(6))
                yield f"| name | value | why |\n|---|--:|---|\n{rows}".replace("||", "| |")
            case 4:
                yield f"### 说明\n\n{chance.choice(chinese)[:600]}\n\n- 第一\n- *第二*\n- `第三`"
            case 5:
                yield FORMULA
            case 6:
                yield f"> {words(20)}\n\nSee [the manual](https://example.org/{chance.random()})."
            case _:
                yield chance.choice(english)


def thread(messages: int) -> tuple[ThreadModel, float]:
    """Return a long chat and how many tokens it has."""
    model, pieces, total = ThreadModel(), chapters(1), 0.0
    each = TOKENS / messages
    for number in range(messages):
        asks = number % 2 == 0
        text, wanted = "", each * (0.2 if asks else 1.8)
        while tokens(text) < wanted:
            text += next(pieces) + "\n\n"
        text = text[: int(len(text) * wanted / tokens(text))]
        total += tokens(text)
        entry = ChatEntry(Role.USER if asks else Role.ASSISTANT, text)
        if not asks:
            entry.result = GenerationResult(
                prompt_tokens=900,
                completion_tokens=540,
                ttft_s=0.2,
                tokens_per_second=87.0,
                stop_reason=StopReason.END,
            )
        model.add(entry)
    return model, total


class Painted(QObject):
    """Tells when a widget has been painted after something was done to it."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._seen: asyncio.Future[float] | None = None
        self.cpu_ms = 0.0
        """The longest that an act took on the processor, with all that was done meanwhile."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a painting at the next turn of the loop, when it is over."""
        if event.type() is QEvent.Type.Paint and self._seen is not None:
            seen, self._seen = self._seen, None
            asyncio.get_running_loop().call_soon(self._tell, seen)
        return super().eventFilter(watched, event)

    @staticmethod
    def _tell(seen: asyncio.Future[float]) -> None:
        if not seen.done():
            seen.set_result(time.perf_counter())

    async def after(self, act: Callable[[], object], due: float) -> float | None:
        """Act; return the ms from when it was due to the end of the painting."""
        self._seen = seen = asyncio.get_running_loop().create_future()
        began = time.thread_time()
        act()
        try:
            painted: float = await asyncio.wait_for(seen, 1.0)
        except TimeoutError:
            return None
        self.cpu_ms = max(self.cpu_ms, (time.thread_time() - began) * 1000)
        return (painted - due) * 1000


async def at_set_times(act: Callable[[float], object], every_s: float, seconds: float) -> None:
    """Call act with the time when it was due; what comes late is not left out."""
    start = time.perf_counter()
    for number in range(int(seconds / every_s)):
        due = start + number * every_s
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        found = act(due)
        if asyncio.iscoroutine(found):
            await found


async def type_keys(app: App, seconds: float) -> list[float]:
    """Press keys; return how long each took to be seen, in ms."""
    field = app.window.chat_pane.composer.input
    field.setFocus()
    painted, found = Painted(field.viewport()), []

    async def press(due: float) -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
        if len(field.toPlainText()) > 60:
            field.clear()
        ms = await painted.after(lambda: QApplication.sendEvent(field, event), due)
        if ms is not None:
            found.append(ms)

    await at_set_times(press, KEY_S, seconds)
    field.clear()
    return found


async def scroll(app: App, seconds: float) -> tuple[list[float], float]:
    """Turn the wheel up and down; return the ms from each step to the end of its painting.

    Beside these, the ms on the processor of the step that needed the most.
    """
    view = app.window.chat_pane.thread_view
    painted, found = Painted(view.viewport()), []
    started = time.perf_counter()

    async def turn(due: float) -> None:
        up = int((due - started) / 2) % 3 != 2
        middle = QPointF(view.viewport().rect().center())
        event = QWheelEvent(
            middle,
            QPointF(view.viewport().mapToGlobal(middle.toPoint())),
            QPoint(),
            QPoint(0, 240 if up else -240),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        began = max(due, time.perf_counter())
        ms = await painted.after(lambda: QApplication.sendEvent(view.viewport(), event), began)
        if ms is not None:
            found.append(ms)

    await at_set_times(turn, WHEEL_S, seconds)
    return found, painted.cpu_ms


async def stream(model: ThreadModel, seconds: float) -> None:
    """Let an answer grow."""
    row = model.add(ChatEntry(Role.ASSISTANT, state=MessageState.STREAMING))
    pieces, waiting = chapters(2), ""

    def flush(_due: float) -> None:
        nonlocal waiting
        size = int(RATE * FLUSH_S * 4)
        while len(waiting) < size:
            waiting += next(pieces) + "\n\n"
        model.append_text(row, waiting[:size])
        waiting = waiting[size:]

    await at_set_times(flush, FLUSH_S, seconds)
    model.set_state(row, MessageState.DONE)


def p99(values: list[float]) -> float:
    """Return what 99 of 100 values are below."""
    return sorted(values)[int(len(values) * 0.99)]


def say(what: str, value: float, limit: float, unit: str, more: str = "") -> None:
    """Print a figure beside its limit."""
    verdict = "holds" if value < limit else "MISSED"
    print(f"{what:<34}{value:8.1f} {unit}  limit {limit} {unit}  {verdict}  {more}", flush=True)


def megabytes() -> float:
    """Return the memory that is this process's own."""
    gc.collect()
    return float(psutil.Process().memory_full_info().uss) / 1e6


async def measure(app: App, options: argparse.Namespace) -> None:
    """Open, stream, type, scroll."""
    app.window.resize(1280, 800)
    app.window.show()
    pane = app.window.chat_pane
    short = ThreadModel()
    short.add(ChatEntry(Role.USER, "Hello"))
    short.add(ChatEntry(Role.ASSISTANT, "```python\nprint(1)\n```\n\n| a |\n|---|\n| 1 |"))
    long, total = thread(options.messages)
    view = pane.thread_view
    pane._pages.setCurrentWidget(view)
    view.setModel(short)
    await asyncio.sleep(2)
    alone = await type_keys(app, 5)
    before = megabytes()
    painted = Painted(view.viewport())
    opened = await painted.after(lambda: view.setModel(long), time.perf_counter())
    print(f"{options.messages} messages, {total:,.0f} tokens")
    say("open", opened or 0.0, OPEN_MS, "ms")
    await asyncio.sleep(1)
    growing = asyncio.ensure_future(stream(long, 3 * options.seconds))
    keys = await type_keys(app, options.seconds)
    if options.picture:
        app.window.grab().save(str(options.picture))
    say("key to painted, p99", p99(keys), KEY_MS, "ms", f"worst {max(keys):.1f}")
    print(f"{'  alone':<34}{p99(alone):8.1f} ms  worst {max(alone):.1f}")
    (both, cpu), keys = await asyncio.gather(
        scroll(app, options.seconds), type_keys(app, options.seconds)
    )
    say(
        "scroll while streaming, worst",
        max(both),
        STALL_MS,
        "ms",
        f"p99 {p99(both):.1f}  cpu {cpu:.1f}",
    )
    print(f"{'  key to painted meanwhile, p99':<34}{p99(keys):8.1f} ms")
    await growing
    wheel, cpu = await scroll(app, options.seconds)
    say("scroll, worst", max(wheel), STALL_MS, "ms", f"p99 {p99(wheel):.1f}  cpu {cpu:.1f}")
    bar = view.verticalScrollBar()
    for step in range(60):  # far jumps through all of it
        bar.setValue(int(bar.maximum() * ((step * 0.37) % 1)))
        await asyncio.sleep(0.03)
    say("memory growth", megabytes() - before, GROWTH_MB, "MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    with own_folders(), application() as (app, loop):
        loop.run_until_complete(measure(app, options))
        app.window.hide()
        loop.run_until_complete(app.shut_down())


if __name__ == "__main__":
    main()
