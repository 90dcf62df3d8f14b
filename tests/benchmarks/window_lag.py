"""How smooth the window stays while models are found and fetched at the same time.

    python -m tests.benchmarks.window_lag [--models 1000] [--seconds 15] [--rate 100]

A scan of many models runs again and again beside two downloads, at so many megabytes a second
each, from a server of the Hub's kind in a process of its own. The lag is how late a timer of 4 ms
fires; `idle` is the same window at rest.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
from pathlib import Path

from phidesk.app import App
from phidesk.viewmodels.download_item import DownloadState
from phidesk.viewmodels.hub_search import LookState
from tests.benchmarks.library import scanned, shares
from tests.benchmarks.many_models import write_models
from tests.benchmarks.streaming import Lag
from tests.benchmarks.window import application, own_folders
from tests.hub_server import Repo, hub_server
from tests.ui.conftest import until

_REPO = "speed/test-GGUF"
_FILES = ("m-Q4_K_M.gguf", "m-Q8_0.gguf")
_MEGABYTES = 1200


def serve(rate: float) -> None:
    """Serve two files until stdin ends."""
    with hub_server() as hub:
        hub.rate = rate * 1e6
        data = random.Random(1).randbytes(1_000_000) * _MEGABYTES
        hub.repos[_REPO] = Repo(dict.fromkeys(_FILES, data))
        print(hub.endpoint, flush=True)
        sys.stdin.read()


async def measure(app: App, root: Path, seconds: float) -> None:
    """Print the lag at rest, and then with both."""
    app.models.start("starter")
    app.window.show()
    app.gauges.start()
    await asyncio.sleep(2)
    lag = Lag()
    lag.start()
    await asyncio.sleep(3)
    lag.stop()
    print(f"idle               {shares(lag.values)}")
    app.window.show_get_models()
    search, downloads = app.get_models.search, app.get_models.downloads
    search.open(_REPO)
    await until(lambda: search.listing_state is LookState.ANSWERED)
    for variant in search.variants:
        search.choose(variant)
        app.get_models.download()
    await until(lambda: all(item.done for item in downloads.items))
    lag.values.clear()
    lag.start()
    loop = asyncio.get_running_loop()
    end, scans = loop.time() + seconds, 0
    app.models.add_folder(str(root))
    while loop.time() < end:
        await scanned(app)
        scans += 1
        (root / f"more{scans}.gguf").write_bytes(b"GGUF")  # else nothing would change
        app.models.rescan()
    lag.stop()
    states = {item.state for item in downloads.items}
    assert states == {DownloadState.RUNNING}, f"the downloads ended too soon: {states}"
    done = sum(item.done for item in downloads.items) / 1e6
    print(f"scan and download  {shares(lag.values)}")
    print(f"{scans} scans, {done:.0f} MB fetched, {len(lag.values)} ticks")
    downloads.pause_all()
    await asyncio.sleep(0.5)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rate", type=float, default=40, help="MB/s of each download")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.rate)
        return
    command = [sys.executable, "-m", "tests.benchmarks.window_lag", "--serve"]
    server = subprocess.Popen(
        [*command, "--rate", str(options.rate)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    os.environ["HF_ENDPOINT"] = server.stdout.readline().strip()
    with own_folders() as folder:
        root = folder / "models"
        write_models(root, options.models)
        with application() as (app, loop):
            loop.run_until_complete(measure(app, root, options.seconds))
            app.window.hide()
            loop.run_until_complete(app.shut_down())
    server.communicate()


if __name__ == "__main__":
    main()
