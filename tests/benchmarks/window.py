"""The application in a real window, for the benchmarks that drive it."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from phidesk.app import App
from phidesk.event_loop import EventLoop
from phidesk.ui.theme import QT_ARGUMENTS


@contextmanager
def application() -> Iterator[tuple[App, EventLoop]]:
    """Make the application and its event loop, which is closed at the end."""
    qt = QApplication([sys.argv[0], *QT_ARGUMENTS])
    loop = EventLoop(qt)
    asyncio.set_event_loop(loop)
    app = App(qt, theme="light")
    with loop:
        yield app, loop


@contextmanager
def own_folders() -> Iterator[Path]:
    """Give the application folders of its own for the time; without a display it is offscreen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "" if os.environ.get("DISPLAY") else "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            os.environ[name] = f"{folder}/{name}"
        yield Path(folder)
