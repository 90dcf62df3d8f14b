"""Kills a whole window that chats, again and again, and looks at what is left of its chats.

    python -m tests.benchmarks.kill_window [--rounds 100] [--longest 4] [--seed 1]

Each round opens the window (offscreen, with the scripted engine of the tests) on the chats that
the last one left, lets it ask and be answered while more is typed, and ends it by SIGKILL at a
random moment. Then every question whose answer had begun has to be there, each answer and what was
typed up to the last second, the file passes SQLite's integrity check, and the next window finds
all of it.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

_BEHIND_S = 1.0
_FILE = "data/phidesk/chats.sqlite3"


async def session() -> None:
    """Chat until killed; says on stdout what was asked and how far the answers are."""
    from PySide6.QtWidgets import QApplication

    from phidesk.app import App
    from phidesk.client.process import ProcessWorkerClient
    from phidesk.core.conversation import MessageState
    from phidesk.core.models import ModelFormat, ModelRef
    from phidesk.viewmodels.engine_session import EngineState
    from tests.ui.conftest import until

    def say(**what: Any) -> None:
        print(json.dumps(what | {"at": time.monotonic()}), flush=True)

    qt = QApplication.instance()
    assert isinstance(qt, QApplication)
    fake = ("--engine", "llamacpp=phidesk.worker.engines.fake:FakeEngine")
    app = App(qt, theme="light", spawn=lambda _: ProcessWorkerClient(arguments=fake))
    app.window.show()
    app.open_chats()
    await until(lambda: not app.keeper.is_opening)
    found = {
        conversation.id: [m.text for m in app.keeper.messages(conversation.id)]
        for conversation in app.chat.conversations
        if conversation is not app.chat.current
    }
    say(found=[text for texts in found.values() for text in texts])
    app.models.select(ModelRef(name="Scripted", path="{}", format=ModelFormat.GGUF, method="gguf"))
    app.window.load_selected()
    await until(lambda: app.session.state is EngineState.READY)
    say(ready=True)
    chance = random.Random()
    field = app.window.chat_pane.composer.input
    for number in range(10_000):
        if chance.random() < 0.3:
            app.chat.new_conversation()
        word = f"{os.getpid()}-{number} "
        script = {"deltas": chance.randrange(1, 60), "text": word, "interval_s": 0.01}
        text = json.dumps(script)
        app.chat.send(text)
        if field.document().isEmpty():  # as in each new chat
            field.insertPlainText(word)
        seen = 0
        while app.chat.is_busy:
            if chance.random() < 0.1:
                field.insertPlainText("typed ")
                say(typed=field.toPlainText())
            entry = app.chat.current.thread.entry(-1)
            if entry.state is not MessageState.WAITING and len(entry.text) != seen:
                seen = len(entry.text)
                say(asked=text, answer=entry.text)
            await asyncio.sleep(0.005)


def stored(root: Path) -> tuple[list[str], list[str]]:
    """Return all messages and drafts in a copy of the file: the next window puts it in order."""
    source, copy = root / _FILE, root / "copy"
    for ending in ("", "-wal"):
        copy.with_name(f"copy{ending}").unlink(missing_ok=True)
        if (file := source.with_name(source.name + ending)).exists():
            shutil.copy(file, copy.with_name(f"copy{ending}"))
    if not copy.exists():
        return [], []
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if connection.execute("PRAGMA user_version").fetchone() == (0,):
            return [], []
        said = connection.execute("SELECT text FROM messages").fetchall()
        typed = connection.execute("SELECT text FROM drafts").fetchall()
        return [text for (text,) in said], [text for (text,) in typed]


def one_round(root: Path, lives_s: float, expected: set[str]) -> float:
    """Let one window live and kill it; returns how far its answers were behind, in seconds."""
    names = ("config", "data", "cache", "run", "home")
    folders = {f"XDG_{n.upper()}_HOME": str(root / n) for n in names[:3]}
    more = {"XDG_RUNTIME_DIR": str(root / "run"), "HOME": str(root / "home")}
    for name in names:
        (root / name).mkdir(mode=0o700, exist_ok=True)
    environment = os.environ | folders | more | {"QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.kill_window", "--session"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(lives_s)
    killed = time.monotonic()
    process.send_signal(signal.SIGKILL)
    lines = [json.loads(line) for line in (first, *process.stdout) if line.endswith("\n")]
    process.wait()
    missing = expected - set(lines[0]["found"])
    assert not missing, f"the next window does not find {sorted(missing)[:3]}"
    texts, drafts = stored(root)
    behind = 0.0
    for line in lines:
        if "typed" in line and not any(draft.startswith(line["typed"]) for draft in drafts):
            behind = max(behind, killed - line["at"])
        if "asked" not in line:
            continue
        assert line["asked"] in texts, f"{line['asked']} is lost"
        expected.add(line["asked"])
        if not any(text.startswith(line["answer"]) for text in texts):
            behind = max(behind, killed - line["at"])
    return behind


def main() -> None:
    """Run the rounds and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--longest", type=float, default=4.0, help="seconds that a window chats")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    parser.add_argument("--session", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.session:
        run_session()
        return
    chance = random.Random(options.seed)
    expected: set[str] = set()
    behind = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            lives_s = chance.uniform(0.0, options.longest)
            behind = max(behind, one_round(Path(folder), lives_s, expected))
    print(f"{options.rounds} windows killed (seed {options.seed}): {len(expected)} questions, none")
    print(f"lost; answers and drafts at most {behind:.2f} s behind")
    assert behind <= _BEHIND_S


def run_session() -> None:
    """Open the window in this process."""
    from PySide6.QtWidgets import QApplication

    from phidesk.event_loop import EventLoop
    from phidesk.ui.theme import QT_ARGUMENTS

    loop = EventLoop(QApplication(["phidesk", *QT_ARGUMENTS]))
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(session())


if __name__ == "__main__":
    main()
