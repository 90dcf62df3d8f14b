"""Tokens/s and TTFT in the chat pane, beside the same engine driven bare in the same run.

    python -m tests.benchmarks.streaming [--engine llamacpp|transformers] [--repeats 7]

Both engines are loaded; the repeats take turns, in changing order. The pane is a real window
(on the X display if there is one, else offscreen) with the gauges running; its figures are taken
where the text reaches the thread. The event loop's lag is how late a timer of 4 ms fires while
text streams.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time

from PySide6.QtCore import QTimer

from phidesk.app import App
from phidesk.core.catalog import open_model
from phidesk.core.chat import SamplingParams
from phidesk.core.engines import EngineName
from phidesk.viewmodels.engine_session import EngineState
from tests.benchmarks.window import application
from tests.benchmarks.workload import CONTEXT, QUESTION

_TICK_MS = 4
_REST_S = 0.5


class Lag:
    """Measures how late the event loop comes to a timer, in ms."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Begin a measurement."""
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        """End a measurement."""
        self._timer.stop()

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.values.append(max(0.0, (now - self._last) * 1e3 - _TICK_MS))
        self._last = now


async def pane(app: App, tokens: int, lag: Lag | None = None) -> dict[str, float]:
    """Ask once in a new chat and return what the window saw."""
    app.chat.new_conversation()
    app.chat.current.sampling = SamplingParams(temperature=0, max_tokens=tokens)
    # The model would make one after the answer, while the bare engine is measured.
    app.chat.current.change(title="Measured", is_titled=True)
    times: list[float] = []

    def on_text(_job: str, _text: str) -> None:
        times.append(time.monotonic())

    app.session.text_received.connect(on_text)
    started = time.monotonic()
    app.chat.send(QUESTION)
    if lag is not None:
        lag.start()
    before = time.process_time()
    await finished(app)
    cpu = time.process_time() - before
    if lag is not None:
        lag.stop()
    app.session.text_received.disconnect(on_text)
    result = app.chat.current.thread.entry(-1).result
    assert result is not None
    speed = (result.completion_tokens - 1) / (times[-1] - times[0])
    share = cpu / (time.monotonic() - started)
    return {"ttft": times[0] - started, "tokens_per_second": speed, "window_cpu": share}


async def finished(app: App) -> None:
    """Wait for the answer."""
    done = asyncio.Event()
    app.session.job_ended.connect(done.set)
    await done.wait()
    app.session.job_ended.disconnect(done.set)


async def loaded(app: App) -> None:
    """Wait for the model."""
    done = asyncio.Event()

    def on_state_changed() -> None:
        if app.session.state is not EngineState.LOADING:
            done.set()

    app.session.state_changed.connect(on_state_changed)
    await done.wait()


async def run(app: App, options: argparse.Namespace, model: str) -> None:
    """Measure in turn and print."""
    engine = EngineName(options.engine)
    command = [sys.executable, "-m", "tests.benchmarks.bare", engine.value]
    bare = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs yet
        [*command, str(options.tokens), str(options.repeats), model],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    to_bare, from_bare = bare.stdin, bare.stdout
    assert to_bare is not None
    assert from_bare is not None
    # Two engines at once, each with a thread for every core, would warm up for half a minute.
    await asyncio.to_thread(from_bare.readline)
    app.models.start(model)
    app.models.engine, app.models.context_length = engine, CONTEXT
    app.window.show()
    app.gauges.start()
    app.window.load_selected()
    await loaded(app)
    found: dict[str, list[dict[str, float]]] = {"bare": [], "pane": []}
    await pane(app, options.tokens)
    await asyncio.sleep(3)

    async def ask_bare() -> None:
        to_bare.write("\n")
        to_bare.flush()
        found["bare"].append(json.loads(await asyncio.to_thread(from_bare.readline)))
        await asyncio.sleep(_REST_S)

    async def ask_pane() -> None:
        found["pane"].append(await pane(app, options.tokens))
        await asyncio.sleep(_REST_S)

    for number in range(options.repeats):
        # Who comes first changes: a machine may slow down under a load that lasts.
        turns = (ask_bare, ask_pane) if number % 2 else (ask_pane, ask_bare)
        for turn in turns:
            await turn()
    bare.terminate()
    lag = Lag()  # its timer takes time of its own: measured apart from the speed
    for _ in range(2):
        await pane(app, options.tokens, lag)
    print(f"{engine.label}, {options.tokens} tokens, medians of {options.repeats}")
    print(f"{'':6}{'tok/s':>8}{'TTFT ms':>9}")
    median = {
        kind: {key: statistics.median(r[key] for r in rows) for key in rows[0]}
        for kind, rows in found.items()
    }
    print(f"the window's process used {median['pane']['window_cpu']:.1%} of a core")
    for kind, row in median.items():
        print(f"{kind:6}{row['tokens_per_second']:8.1f}{row['ttft'] * 1e3:9.1f}")
    pairs = [
        p["tokens_per_second"] / b["tokens_per_second"]
        for p, b in zip(found["pane"], found["bare"], strict=True)
    ]
    ratio = median["pane"]["tokens_per_second"] / median["bare"]["tokens_per_second"]
    print(f"ratio of medians {ratio:.3f}, median of ratios {statistics.median(pairs):.3f}")
    print(f"TTFT difference {(median['pane']['ttft'] - median['bare']['ttft']) * 1e3:+.1f} ms")
    late = sorted(lag.values)
    print(
        f"event loop late by: median {statistics.median(late):.1f} ms, "
        f"p99 {late[int(len(late) * 0.99)]:.1f} ms, worst {late[-1]:.1f} ms ({len(late)} ticks)"
    )


def main() -> None:
    """Open the window and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=[e.value for e in EngineName], default="llamacpp")
    parser.add_argument("--model", default="")
    parser.add_argument("--tokens", type=int, default=256)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = options.model
        if not model and options.engine == "transformers":
            command = "import sys; from tests.models import *; write_starter(Path(sys.argv[1]))"
            subprocess.run([sys.executable, "-c", command, folder], check=True)
            model = folder
        model = open_model(model or "starter").path
        with application() as (app, loop):

            async def whole() -> None:
                try:
                    await run(app, options, model)
                finally:
                    await app.shut_down()

            loop.run_until_complete(whole())


if __name__ == "__main__":
    main()
