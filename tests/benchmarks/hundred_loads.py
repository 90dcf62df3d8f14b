"""Loads and ejects one model many times in a real window, and counts what is left behind.

    python -m tests.benchmarks.hundred_loads MODEL [--engine vllm] [--loads 100]

After each eject: the window's processes, file descriptors and memory, and the temporary folders
and shared memory of this machine that were not there before. Memory is compared with that after
the first five loads, when everything is imported. Exits with 1 where more than 20 MB, a process,
or a file that this program made is left.
"""

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

import psutil

from phidesk.app import App
from phidesk.core.catalog import open_model
from phidesk.core.engines import EngineName
from phidesk.viewmodels.engine_status import EngineState
from tests.benchmarks.streaming import pane
from tests.benchmarks.window import application

_WARM_UP = 5
_CONTEXT = 1024
_MOST_GROWN = 20 * 2**20
_OURS = ("phidesk", "vllm", "sem.mp-", "psm_", "torch", "pymp-")
"""how the files begin that phidesk and its engines make; others are other programs'"""


class Left:
    """What is there now that was not there at the beginning."""

    def __init__(self) -> None:
        self._files = self._now()
        self._window = psutil.Process()
        self.first_memory = 0

    @staticmethod
    def _now() -> set[str]:
        shared = os.listdir("/dev/shm") if Path("/dev/shm").is_dir() else []  # noqa: PTH208
        temporary = os.listdir(tempfile.gettempdir())  # noqa: PTH208
        return {f"shm/{name}" for name in shared} | {f"tmp/{name}" for name in temporary}

    def files(self) -> set[str]:
        """Temporary files and shared memory."""
        return self._now() - self._files

    def ours(self) -> set[str]:
        """Those of them that phidesk and its engines make."""
        return {name for name in self.files() if name.split("/")[1].startswith(_OURS)}

    def numbers(self) -> tuple[int, int, int]:
        """Child processes, open descriptors, bytes of memory."""
        children = self._window.children(recursive=True)
        return len(children), self._window.num_fds(), self._window.memory_info().rss


async def until(app: App, *states: EngineState) -> None:
    """Wait for one of the states."""
    done = asyncio.Event()

    def look() -> None:
        if app.session.state in states:
            done.set()

    app.session.state_changed.connect(look)
    look()
    await done.wait()
    app.session.state_changed.disconnect(look)


async def run(app: App, options: argparse.Namespace) -> None:
    """Load, ask, eject, and look."""
    left = Left()
    model = open_model(options.model).path
    app.models.start(model)
    app.models.engine, app.models.context_length = EngineName(options.engine), _CONTEXT
    app.window.show()
    app.gauges.start()
    for number in range(1, options.loads + 1):
        app.window.load_selected()
        await until(app, EngineState.READY, EngineState.FAILED)
        if app.session.state is EngineState.FAILED:
            raise SystemExit(f"load {number}: {app.session.failure}")
        await pane(app, 4)
        app.session.eject()
        await until(app, EngineState.EMPTY)
        if number == _WARM_UP:
            left.first_memory = left.numbers()[2]
        if number % 10 == 0 or number == _WARM_UP:
            children, descriptors, memory = left.numbers()
            grown = (memory - left.first_memory) / 2**20
            print(
                f"{number:4} loads: {children} processes (the standby), {descriptors} descriptors, "
                f"{grown:+.1f} MB, files {sorted(left.files())[:4]}",
                flush=True,
            )
    await app.shut_down()
    await asyncio.sleep(1)
    children, descriptors, memory = left.numbers()
    print(
        f"at the end: {children} processes, {descriptors} descriptors, "
        f"{(memory - left.first_memory) / 2**20:+.1f} MB, files {sorted(left.files())}"
    )
    problems = [f"a file is left: {name}" for name in sorted(left.ours())]
    if children:
        problems.append(f"{children} processes are left")
    if left.first_memory and memory - left.first_memory > _MOST_GROWN:
        problems.append(f"the window has grown by {(memory - left.first_memory) / 2**20:.1f} MB")
    if problems:
        raise SystemExit("; ".join(problems))


def main() -> None:
    """Measure one model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--engine", choices=[e.value for e in EngineName], default="vllm")
    parser.add_argument("--loads", type=int, default=100)
    options = parser.parse_args()
    with application() as (app, loop):
        loop.run_until_complete(run(app, options))


if __name__ == "__main__":
    main()
