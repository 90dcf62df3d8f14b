"""How fast and how large the window is, beside an empty QMainWindow in the same run.

    python -m tests.benchmarks.startup [--runs 15] [--installed /usr/bin/phidesk]

Each run starts a fresh process of either kind, in turn. `usable` is the time from the start of
the process to the first moment at which the painted window handles an event; memory is the
resident size of the window's process one second later. `first token` is the time from the start
of the process to the first token of the starter model, for a message sent at once. `installed` is
the window of a frozen phidesk, beside the one of this checkout.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

_MEASURE = """
import json, sys, time
def report(**figures):
    import psutil
    figures["memory"] = psutil.Process().memory_info().rss
    figures["torch"] = "torch" in sys.modules
    print(json.dumps(figures), flush=True)
    import os; os._exit(0)
started = float(sys.argv[1])
"""
_EMPTY = (
    _MEASURE
    + """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
while not window.windowHandle().isExposed():
    app.processEvents()
app.processEvents()
usable = time.time() - started
QTimer.singleShot(1000, lambda: report(usable=usable))
app.exec()
"""
)
_PHIDESK = (
    _MEASURE
    + """
from phidesk.__main__ import import_window
a = import_window()
from PySide6.QtCore import QTimer
imported = time.time() - started
begin = a.App.start
def start(self, model="starter", path=""):
    begin(self, model)
    parts = {"imported": imported, "shown": time.time() - started}
    def usable():
        parts["usable"] = time.time() - started
        QTimer.singleShot(1000, lambda: report(**parts) if MODE == "window" else None)
    QTimer.singleShot(0, usable)
    if MODE == "chat":
        self.chat.send("What is the capital of France?")
        def on_state():
            parts.setdefault(str(self.session.state), time.time() - started)
        self.session.state_changed.connect(on_state)
        def on_text(job, text):
            parts["first token"] = time.time() - started
            report(**parts)
        self.session.text_received.connect(on_text)
a.App.start = start
a.run_window("starter")
"""
)


def measure(code: str, program: str = sys.executable) -> dict[str, float]:
    """Run the code in a fresh process and return the figures that it prints."""
    # As on a user's machine: Python keeps what it compiled.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [program, "-c", code, str(time.time())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--cold", action="store_true", help="drop the page cache first (root)")
    parser.add_argument("--installed", metavar="PROGRAM", help="a frozen phidesk to compare with")
    options = parser.parse_args()
    kinds = {
        "empty": _EMPTY,
        "phidesk": _PHIDESK.replace("MODE", "'window'"),
        "chat": _PHIDESK.replace("MODE", "'chat'"),
    }
    programs = {}
    if options.installed:
        kinds["installed"] = kinds["phidesk"]
        programs["installed"] = options.installed
    runs: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
    for _ in range(options.runs):
        for kind, code in kinds.items():
            if options.cold:
                os.sync()
                with open("/proc/sys/vm/drop_caches", "w") as caches:  # noqa: PTH123
                    caches.write("3")
            runs[kind].append(measure(code, programs.get(kind, sys.executable)))
    medians = {
        kind: {key: statistics.median(run[key] for run in found) for key in found[0]}
        for kind, found in runs.items()
    }
    empty, window, chat = medians["empty"], medians["phidesk"], medians["chat"]
    print(f"{'':18}{'usable s':>10}{'memory MB':>11}")
    for name, figures in (("empty QMainWindow", empty), ("phidesk", window)):
        print(f"{name:18}{figures['usable']:10.2f}{figures['memory'] / 1e6:11.0f}")
    print(
        f"{'ratio':18}{window['usable'] / empty['usable']:10.2f}"
        f"{window['memory'] / empty['memory']:11.2f}"
    )
    if options.installed:
        found = medians["installed"]
        print(f"{'installed':18}{found['usable']:10.2f}{found['memory'] / 1e6:11.0f}")
        print(f"{'to the checkout':18}{found['usable'] / window['usable']:10.2f}")
    print(f"torch in the window's process: {bool(window['torch'])}")
    worst = max(run["first token"] for run in runs["chat"])
    print("from the start of the process to the first token of the starter model, s:")
    for key in ("imported", "shown", "usable", "ready", "first token"):
        print(f"  {key:12}{chat[key]:6.2f}")
    print(f"  {'worst run':12}{worst:6.2f}")


if __name__ == "__main__":
    main()
