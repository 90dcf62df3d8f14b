"""Formulas as pictures: asked for when they are seen, set elsewhere, and kept."""

import atexit
import json
import os
import sys
from collections import OrderedDict
from typing import NamedTuple

from PySide6.QtCore import (
    QByteArray,
    QObject,
    QProcess,
    QProcessEnvironment,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from shiboken6 import isValid

from phidesk.ui.thread.formula_process import COLOUR
from phidesk.ui.thread.math_rules import formula_of

_KEPT = 400
_BELOW_MIDDLE = 0.14
"""How far below the middle of a picture the base line is, in sizes of the font."""
_LONGEST_WAIT_MS = 4000
"""What a formula may take, the start of the process included."""
_IDLE_MS = 60_000


class Picture(NamedTuple):
    """A formula's picture, to be inserted with its middle aligned; sizes in pixels."""

    pixmap: QPixmap
    width: float
    height: float


class Formulas(QObject):
    """Has a process set formulas, one after the other; it ends where none is left for a while."""

    ready = Signal()
    """Formulas have been set that were not there before."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._set: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._pictures: OrderedDict[tuple[str, int, str], Picture] = OrderedDict()
        self._waiting: list[tuple[str, int]] = []
        self._process: QProcess | None = None
        self._wait_timer = QTimer(self, singleShot=True, interval=_LONGEST_WAIT_MS)
        self._wait_timer.timeout.connect(self._on_waited_too_long)
        self._idle_timer = QTimer(self, singleShot=True, interval=_IDLE_MS)
        self._idle_timer.timeout.connect(self.stop)

    def picture(self, source: str, size: int, colour: str) -> Picture | None:
        """Return a formula's picture; None where it cannot be set, or not yet."""
        key = (source, size)
        if key not in self._set:
            if key not in self._waiting:
                self._waiting.append(key)
                self._go_on()
            return None
        svg = self._set[key]
        if not svg:
            return None
        self._set.move_to_end(key)
        shown = (source, size, colour)
        if shown not in self._pictures:
            self._pictures[shown] = _drawn(svg, size, colour)
            if len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
        return self._pictures[shown]

    def stop(self) -> None:
        """End the process; the next formula starts another one."""
        process, self._process = self._process, None
        self._wait_timer.stop()
        if process is not None:
            process.readyReadStandardOutput.disconnect(self._on_read)
            process.finished.disconnect(self._on_finished)
            _end(process)
            process.deleteLater()

    def _go_on(self) -> None:
        self._idle_timer.start()
        if self._wait_timer.isActive() or not self._waiting:
            return
        if self._process is None:
            self._process = self._started()
        source, size = self._waiting[0]
        tex, display = formula_of(source)
        self._process.write(json.dumps([tex, display, size]).encode() + b"\n")
        self._wait_timer.start()

    def _started(self) -> QProcess:
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONPATH", os.pathsep.join(part for part in sys.path if part))
        process.setProcessEnvironment(environment)
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._on_read)
        process.finished.connect(self._on_finished)
        self.destroyed.connect(lambda: _end(process))
        atexit.register(_end, process)
        process.start(sys.executable, ["-m", "phidesk.ui.thread.formula_process"])
        return process

    def _on_read(self) -> None:
        while self._process is not None and self._process.canReadLine():
            self._take(str(json.loads(self._process.readLine().toStdString())))

    def _on_waited_too_long(self) -> None:
        self.stop()
        self._take("")

    def _on_finished(self) -> None:
        self.stop()
        if self._waiting:
            self._take("")

    def _take(self, svg: str) -> None:
        self._wait_timer.stop()
        self._set[self._waiting.pop(0)] = svg
        while len(self._set) > _KEPT:
            self._set.popitem(last=False)
        if svg:
            self.ready.emit()
        self._go_on()


def _end(process: QProcess) -> None:
    if isValid(process) and process.state() is not QProcess.ProcessState.NotRunning:
        process.blockSignals(True)
        process.kill()
        process.waitForFinished(1000)


def _drawn(svg: str, size: int, colour: str) -> Picture:
    """Draw the SVG in a colour; Qt puts the middle of a picture a little above the base line."""
    renderer = QSvgRenderer(QByteArray(svg.replace(COLOUR, colour).encode()))
    box = renderer.viewBoxF()
    below = round(_BELOW_MIDDLE * size)
    reach = max(-box.top() - below, box.bottom() + below, 1.0)
    scale = QGuiApplication.primaryScreen().devicePixelRatio()
    pixmap = QPixmap(max(1, round(box.width() * scale)), max(1, round(2 * reach * scale)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    top = (reach + below + box.top()) * scale
    renderer.render(painter, QRectF(0, top, box.width() * scale, box.height() * scale))
    painter.end()
    return Picture(pixmap, max(1.0, box.width()), 2 * reach)
