"""Pictures of every pane and dialog: `python -m tests.screenshots FOLDER`.

In light and dark, in every language, at 100 % and 150 %; needs AutoRound for the steps of a
quantization. Without a display the window is offscreen.
"""

import argparse
import asyncio
import itertools
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from phidesk.app import App
from phidesk.core.settings import Settings, SettingsFile
from phidesk.event_loop import EventLoop
from phidesk.ui.language import languages
from phidesk.ui.theme import QT_ARGUMENTS
from tests.benchmarks.window import own_folders
from tests.views import Views

_THEMES, _SCALES = ("light", "dark"), (100, 150)
_SETTLED_S = 0.4
"""what moves has come to rest"""


def main() -> None:
    """Take all pictures, each theme, language and scale in a process of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", metavar="THEME,LANGUAGE,SCALE", help="as in dark,zh_CN,150")
    parser.add_argument("--font", type=float, default=1.0, help="times the usual size of letters")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if arguments.only:
        theme, language, scale = arguments.only.split(",")
        os.environ["QT_SCALE_FACTOR"] = str(int(scale) / 100)
        with own_folders() as own:
            _run(own, folder, theme, language, scale, arguments.font)
        return
    for kind in itertools.product(_THEMES, languages(), _SCALES):
        only = ",".join(map(str, kind))
        command = [sys.executable, "-m", "tests.screenshots", str(folder), "--only", only]
        subprocess.run([*command, "--font", str(arguments.font)], check=True)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


def _run(own: Path, folder: Path, theme: str, language: str, scale: str, font: float) -> None:
    SettingsFile().save(Settings(language=language))
    qt = QApplication([sys.argv[0], *QT_ARGUMENTS])
    letters = qt.font()
    letters.setPointSizeF(letters.pointSizeF() * font)
    qt.setFont(letters)
    loop = EventLoop(qt)
    asyncio.set_event_loop(loop)
    views = Views(own)
    app = App(qt, theme=theme, spawn=views.spawn)

    async def walk() -> None:
        async for name, widget in views.walk(app):
            await asyncio.sleep(_SETTLED_S)
            widget.grab().save(str(folder / f"{name}-{theme}-{language}-{scale}.png"))
        app.window.hide()
        await app.shut_down()

    with loop:
        loop.run_until_complete(walk())


if __name__ == "__main__":
    main()
