"""The start of the window's process."""

import subprocess
import sys

_CODE = """
import gc, sys
from phidesk.__main__ import import_window
app = import_window()
assert not gc.isenabled()
begin = app.App.start
def start(self, model, path):
    begin(self, model, path)
    later = {"phidesk.cli.parser", "phidesk.viewmodels.quantize", "phidesk.viewmodels.get_models"}
    print("too early:", sorted(later & sys.modules.keys()))
    app.QTimer.singleShot(3 * app.WARM_UP_DELAY_MS, lambda: print("collects:", gc.isenabled()))
    app.QTimer.singleShot(3 * app.WARM_UP_DELAY_MS, self.window.close)
app.App.start = start
app.run_window("starter")
"""


def test_what_a_window_can_do_without_comes_later(user_folders: object) -> None:
    done = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["too early: []", "collects: True"]
