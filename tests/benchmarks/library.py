"""How soon 1,000 models are listed, and whether the window stays smooth meanwhile.

    python -m tests.benchmarks.library [--models 1000] [--runs 5]

The models have heads as large as real ones and holes in place of weights, in a temporary folder.
The window is real (on the X display if there is one, else offscreen). The event loop's lag is how
late a timer of 4 ms fires; `idle` is the same without a scan. A frame is the time from a new place
of the scroll bar until the table has been painted.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from phidesk.app import App
from phidesk.client.library import scan
from phidesk.core.library.messages import Finished, Listed
from phidesk.core.library.places import Place, Source
from phidesk.viewmodels.library import Column, Filters
from tests.benchmarks.many_models import write_models
from tests.benchmarks.streaming import Lag
from tests.benchmarks.window import application, own_folders


def shares(values: list[float]) -> str:
    """Return the median, p99 and maximum of milliseconds."""
    p99 = statistics.quantiles(values, n=100)[98] if len(values) > 1 else values[0]
    return f"median {statistics.median(values):6.2f}  p99 {p99:6.2f}  max {max(values):6.2f} ms"


async def time_scans(root: Path, runs: int) -> None:
    """Time the process that scans, from its start."""
    listed, finished = [], []
    for _ in range(runs):
        started = time.perf_counter()
        async for message in scan([Place(source=Source.FOLDER, path=str(root))]):
            if isinstance(message, Listed):
                listed.append(time.perf_counter() - started)
            elif isinstance(message, Finished):
                finished.append(time.perf_counter() - started)
    print(f"listed     first {listed[0]:.2f} s, then {statistics.median(listed[1:]):.2f} s")
    print(f"finished   first {finished[0]:.2f} s, then {statistics.median(finished[1:]):.2f} s")


async def scanned(app: App) -> None:
    """Wait until the scan is done."""
    done = asyncio.Event()
    app.models.library.finished.connect(done.set)
    await done.wait()
    app.models.library.finished.disconnect(done.set)


async def in_window(app: App, root: Path, runs: int) -> None:
    """Measure in a window that shows the library."""
    app.window.show()
    app.window.show_models()
    app.gauges.start()
    app.models.start("starter")
    await asyncio.sleep(1.5)
    lag = Lag()
    lag.start()
    await asyncio.sleep(2)
    lag.stop()
    print(f"lag idle   {shares(lag.values)}")
    for number in range(runs):
        lag.values.clear()
        lag.start()
        if number:
            (root / f"more{number}.gguf").write_bytes(b"GGUF")  # else nothing would change
            app.models.rescan()
        else:
            app.models.add_folder(str(root))
        await scanned(app)
        await asyncio.sleep(0.3)
        lag.stop()
        print(f"lag scan {number + 1} {shares(lag.values)}")
    await asyncio.sleep(1)
    await app.gauges.stop()


def measure_table(app: App) -> None:
    """Time frames of scrolling and the answers to keys and clicks."""
    table, library = app.window.models_pane.table, app.library
    bar = table.verticalScrollBar()
    frames = [timed(partial(bar.setValue, value)) for value in range(0, bar.maximum(), 37)]
    print(f"scrolling  {shares(frames)}, {library.count:,} rows, {len(frames)} frames")
    table.setFocus()
    keys = [timed(partial(QTest.keyClick, table, Qt.Key.Key_Up)) for _ in range(60)]
    print(f"next row   {shares(keys)}")
    words = ("m", "mo", "model-9", "model-99", "q4", "zzz", "")
    typed = [timed(partial(library.set_filters, Filters(text=word))) for word in words]
    print(f"search     {shares(typed)}")
    sorts = [timed(partial(library.sort, column, descending=False)) for column in Column]
    print(f"sorting    {shares(sorts)}")
    selector = app.window.model_bar.selector
    print(f"picker     opens in {timed(selector.showPopup):.1f} ms")
    selector.hidePopup()


def timed(act: Callable[[], object]) -> float:
    """Return the ms until what was done has been painted."""
    started = time.perf_counter()
    act()
    QApplication.processEvents()
    return (time.perf_counter() - started) * 1e3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with own_folders() as folder:
        root = folder / "models"
        write_models(root, options.models)
        asyncio.run(time_scans(root, options.runs))
        with application() as (app, loop):
            loop.run_until_complete(in_window(app, root, options.runs))
            measure_table(app)
            app.window.hide()
            loop.run_until_complete(app.shut_down())


if __name__ == "__main__":
    main()
