"""How long hostile texts hold up the window: as messages, in find, the input and the edit dialog.

    python -m tests.benchmarks.hostile_text [--only NAME] [--picture FOLDER]

A freeze is the time between two turns of the event loop. The first figure is of a chat that is
opened, the second of an answer that arrives in 64 pieces, the third of scrolling through it. On
a machine that is busy with other things all three are too long; the fourth figure is the longest
of them in time on the processor. What follows the table is in time on the processor, the worst of
all turns: find in an answer of 18.6 MB in one line, a step through 10,000 matches, and texts that
a program puts into the input or that are opened to be edited, painting included.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QApplication

from phidesk.app import App
from phidesk.core.chat import Role
from phidesk.core.conversation import MessageState
from phidesk.ui.chats.edit_dialog import EditDialog
from phidesk.ui.theme import LIGHT
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel
from tests.benchmarks.window import application, own_folders

LIMIT_MS = 100
PIECES = 64


def texts() -> Iterator[tuple[str, str, Role]]:
    """Yield names, texts and who says them."""
    chance = random.Random(1)
    line = "A line of a long paste, 一行长文本, with some words and numbers 12345.\n"
    paste = line * (5_000_000 // len(line.encode()))
    row = {"id": 1, "name": "a \\ name", "values": [1, 2, 3], "text": "x" * 40}
    one_line = json.dumps([row] * (10_000_000 // len(json.dumps(row))))
    zalgo = "".join(
        c + "".join(chr(chance.randrange(0x300, 0x370)) for _ in range(60)) for c in "hello " * 300
    )
    user, model = Role.USER, Role.ASSISTANT
    yield "5 MB paste", paste, user
    yield "5 MB paste, answered", paste, model
    yield "100,000 letters", "x" * 100_000, model
    yield "100,000 letters, user", "x" * 100_000, user
    yield "right to left", "שלום עולם مرحبا بالعالم " * 5_000, model
    yield "combining marks", zalgo, model
    yield "60,000 marks on one letter", "a" + "\u0301" * 60_000, model
    yield "control characters", "".join(map(chr, range(32))) * 2_000, model
    yield "bidi overrides", "\u202eabc\u2066def " * 10_000, model
    yield "10,000 quotes", ">" * 10_000 + " deep", model
    yield "10,000 spaced quotes", "> " * 10_000 + "deep", model
    yield "10,000 list markers", "- " * 10_000 + "deep", model
    yield "10,000 numbers", "1. " * 10_000 + "deep", model
    yield "10,000 mixed markers", "> - 1. " * 3_333 + "deep", model
    yield "1,000 steps of a list", "\n".join("  " * n + "- x" for n in range(1_000)), model
    yield "10,000 lines of quotes", "\n".join(">" * (n % 100) + " x" for n in range(10_000)), model
    yield "10,000 items", "- x\n" * 10_000, model
    yield "unterminated fence", "```python\n" + "x = {'a': [1]}  # 注释\n" * 20_000, model
    yield "<script>", "<script>alert(1)</script><img src=x onerror=alert(1)>\n" * 5_000, model
    yield "10 MB of JSON in one line", one_line, model
    yield "10 MB of JSON, user", one_line, user
    yield "10 MB of JSON in a fence", f"```json\n{one_line}\n```", model
    yield "10 MB of JSON in a list", f"- {one_line}", model
    yield "brackets", "[" * 50_000, model
    yield "stars", "*a_" * 30_000, model
    yield "ticks", " ".join("`" * n for n in range(1, 400)), model
    yield "links", "[a](https://x.org/b) " * 5_000, model
    yield "wide table", "|" + "a|" * 2_000 + "\n|" + "-|" * 2_000 + "\n" + "|b" * 2_000, model
    yield "long table", "|a|b|\n|-|-|\n" + "|x|y|\n" * 10_000, model
    yield "dollars", "$x" * 20_000, model
    yield "deep formula", "$" + r"\frac{1}{" * 200 + "2" + "}" * 200 + "$ and $x$", model
    yield "open thoughts", "<think>" + "hm, " * 50_000, model


class Freeze:
    """The longest time between two turns of the event loop, and the longest on the processor."""

    def __init__(self) -> None:
        self._timer = QElapsedTimer()
        self.on_processor = 0.0

    def of(self, act: Callable[[], None], is_over: Callable[[], bool]) -> float:
        """Act and let the loop run until it is over; return ms."""
        began = time.perf_counter()
        worst = 0.0
        while True:
            self._timer.start()
            used = time.thread_time()
            act()
            QApplication.processEvents()
            self.on_processor = max(self.on_processor, (time.thread_time() - used) * 1e3)
            worst = max(worst, self._timer.nsecsElapsed() / 1e6)
            if is_over() or time.perf_counter() - began > 30:
                return worst
            act = _nothing


class Pause:
    """A length of time from now on."""

    def __init__(self, seconds: float) -> None:
        self._end = time.perf_counter() + seconds

    def is_over(self) -> bool:
        """Whether it is over."""
        return time.perf_counter() > self._end


def _nothing() -> None:
    pass


def measure(view: ThreadView, text: str, role: Role) -> tuple[float, ...]:
    """Return the worst freezes in ms; the last one is of all three, other programs left out."""
    freeze = Freeze()
    there = ThreadModel()
    there.add(ChatEntry(role, text))
    opened = freeze.of(lambda: view.setModel(there), lambda: not view.is_working)
    bar, scrolled = view.verticalScrollBar(), 0.0
    for step in range(30):
        place = int(bar.maximum() * ((step * 0.37) % 1))
        scrolled = max(scrolled, freeze.of(partial(bar.setValue, place), lambda: True))
    growing = ThreadModel()
    view.setModel(growing)
    row = growing.add(ChatEntry(role, "", MessageState.STREAMING))
    size, streamed = -(-len(text) // PIECES), 0.0
    for start in range(0, len(text), size):
        piece = text[start : start + size]

        def flush(piece: str = piece) -> None:
            growing.append_text(row, piece)

        streamed = max(streamed, freeze.of(flush, lambda: True))
        pause = Pause(0.02)
        streamed = max(streamed, freeze.of(_nothing, pause.is_over))

    def end() -> None:
        growing.set_state(row, MessageState.DONE)

    streamed = max(streamed, freeze.of(end, lambda: not view.is_working))
    return opened, streamed, scrolled, freeze.on_processor


def find(view: ThreadView, text: str, words: str) -> float:
    """Return the worst freeze, in ms on the processor, of a search and of steps through it."""
    model = ThreadModel()
    model.add(ChatEntry(Role.ASSISTANT, text))
    Freeze().of(lambda: view.setModel(model), lambda: not view.is_working)
    freeze = Freeze()

    def begin() -> None:
        view.show_find()
        view._finding.bar.field.setText(words)

    freeze.of(begin, lambda: not view._finding.is_busy)
    for by in (-1, 1, 1):
        freeze.of(partial(view._finding.step, by), Pause(0.1).is_over)
    view._finding.close()
    return freeze.on_processor


def inputs() -> Iterator[tuple[str, str]]:
    """Yield texts that are long for an input."""
    yield "160,000 letters", "x" * 160_000
    yield "160,000 signs of many scripts", "ab漢字😀 ع" * 20_000
    yield "1 MB of lines", "A line of a long message, 一行长文本.\n" * 22_000
    yield "1 MB of short lines", "a\n" * 500_000
    yield "1 MB of words", "word " * 200_000
    yield "1 MB of letters", "x" * 1_000_000


async def write(app: App, say: Callable[[str, float], None]) -> None:
    """Put each text into the input of the window, and into the edit dialog."""
    window, pane = app.window, app.window.chat_pane
    window.resize(1280, 800)
    window.show()

    def insert(text: str) -> None:
        pane.composer.insert(text)
        window.grab()

    def edit(text: str) -> None:
        dialog = EditDialog(text, is_question=True, parent=window)
        dialog.open()
        dialog.grab()
        dialog.close()
        dialog.deleteLater()

    for act in (insert, edit):
        act("warm up")
        for name, text in inputs():
            pane.composer.put_back("", ())
            await asyncio.sleep(0.1)
            used = time.thread_time()
            act(text)
            say(f"{act.__name__} {name}", (time.thread_time() - used) * 1e3)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    with own_folders(), application() as (app, loop):
        view = ThreadView(LIGHT)
        view.resize(1000, 800)
        view.show()
        warm = ThreadModel()
        warm.add(ChatEntry(Role.ASSISTANT, "warm *up*\n\n```python\nx = 1\n```"))
        Freeze().of(lambda: view.setModel(warm), lambda: not view.is_working)
        print(f"{'':<28}{'open':>8}{'stream':>8}{'scroll':>8}{'cpu':>8}  ms, limit {LIMIT_MS}")
        for name, text, role in texts():
            if options.only not in name:
                continue
            found = measure(view, text, role)
            verdict = "holds" if max(found) < LIMIT_MS else "MISSED"
            print(
                f"{name:<28}" + "".join(f"{ms:8.1f}" for ms in found) + f"  {verdict}", flush=True
            )
            if options.picture:
                view.grab().save(str(options.picture / f"{name.replace(' ', '-')}.png"))

        def say(name: str, ms: float) -> None:
            print(f"{name:<52}{ms:8.1f}  {'holds' if ms < LIMIT_MS else 'MISSED'}", flush=True)

        line = json.dumps([{"id": 1, "name": "一 name", "text": "x" * 40}], ensure_ascii=False)
        for name, text, words in (
            ("find in 18.6 MB on one line", line * (18_600_000 // len(line)), "name"),
            ("find what is not there", "İ" + line * (18_600_000 // len(line)), "absent"),
            ("find 10,000 matches", "word & needles " * 14_000, "needle"),
        ):
            if options.only in name:
                say(name, find(view, text, words))
        view.close()
        view.setModel(None)
        if options.only in "insert edit":
            loop.run_until_complete(write(app, say))
        app.window.hide()
        loop.run_until_complete(app.shut_down())


if __name__ == "__main__":
    main()
