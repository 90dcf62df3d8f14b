"""The line at the foot of the window: model, engine, memory, speed, context."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

from phidesk.ui.format import size, speed
from phidesk.ui.icons import tinted_icon
from phidesk.ui.shield import Shield
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_XS, Look
from phidesk.ui.widgets import label
from phidesk.viewmodels.context_meter import ContextMeter, Fullness
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.privacy import PrivacyViewModel
from phidesk.viewmodels.words import in_words

_CONTEXT_ROLES = {
    Fullness.FINE: "muted",
    Fullness.NEARLY: "warning",
    Fullness.FULL: "danger",
}


class StatusBar(QFrame):
    """Always there, always true: what is not known is not shown."""

    explained = Signal(str)
    """the user asks why a kernel is marked as slow: the words, with the way out"""

    def __init__(
        self,
        session: EngineSession,
        gauges: GaugesViewModel,
        meter: ContextMeter,
        privacy: PrivacyViewModel,
        look: Look,
    ) -> None:
        super().__init__()
        self._session = session
        self._gauges = gauges
        self._meter = meter
        self._look = look
        self.setObjectName("status")
        self.model = label(role="muted")
        self.slow = QToolButton()
        self.slow.setProperty("role", "warning")
        self.slow.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.slow.setIconSize(QSize(14, 14))
        self.slow.setCursor(Qt.CursorShape.PointingHandCursor)
        self.slow.clicked.connect(self._on_slow_clicked)
        self.slow.hide()
        self.rest = label(role="muted")
        self._gpu = label(role="muted")
        self._ram = label(role="muted")
        self._speed = label(role="muted")
        self.context = label(role="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L, SPACE_XS, SPACE_L, SPACE_XS)
        row.setSpacing(SPACE_M)
        left = QHBoxLayout()
        left.setSpacing(0)
        for part in (self.model, self.slow, self.rest):
            left.addWidget(part)
        row.addLayout(left)
        row.addStretch(1)
        self.shield = Shield(privacy, look)
        for part in (self._gpu, self._ram, self._speed, self.context, self.shield):
            row.addWidget(part)
        session.state_changed.connect(self._refresh)
        gauges.changed.connect(self._refresh)
        meter.changed.connect(self._show_context)
        look.changed.connect(self._tint)
        self._tint()
        self._refresh()

    @property
    def text(self) -> str:
        """What is said of the model, whole."""
        parts = (self.model.text(), self.slow.text(), self.rest.text())
        return " ".join(part for part in parts if part)

    def _tint(self) -> None:
        self.slow.setIcon(tinted_icon("alert", self._look.theme.warning))

    def _on_slow_clicked(self) -> None:
        if self._session.loaded is not None:
            self.explained.emit(self._session.loaded.slow)

    def _show_model(self) -> None:
        session = self._session
        loaded, request = session.loaded, session.request
        rest = slow = why = ""
        match session.state:
            case EngineState.READY if loaded and request:
                engine = session.engine.label if session.engine else loaded.engine
                before = [request.model.name, engine]
                after = [in_words(loaded.attention), loaded.device]
                if loaded.slow:
                    text = _joined(before) + " · "
                    slow, why, rest = loaded.kernel, in_words(loaded.slow), "· " + _joined(after)
                else:
                    text = _joined([*before, loaded.kernel, *after])
            case EngineState.LOADING:
                text = self.tr("Loading {0}…").format(request.model.name if request else "")
            case EngineState.EJECTING:
                text = self.tr("Ejecting…")
            case _:
                text = self.tr("No model is loaded")
        _set(self.model, text)
        _set(self.rest, rest)
        self.model.setToolTip(in_words(session.fallback))
        if self.slow.text() != slow or self.slow.toolTip() != why:
            self.slow.setText(slow)
            self.slow.setToolTip(why)
            self.slow.setAccessibleName(self.tr("Slow kernel {0}").format(slow))
            self.slow.setAccessibleDescription(why)
        self.slow.setVisible(bool(slow))

    def _refresh(self) -> None:
        self._show_model()
        gauges = self._gauges
        sample = gauges.sample
        gpu = sample.gpus[0] if sample and sample.gpus else None
        vram = self.tr("VRAM {0} / {1}")
        _set(self._gpu, _used(vram, gpu.used_bytes, gpu.total_bytes) if gpu else "")
        ram = self.tr("RAM {0} / {1}")
        _set(self._ram, _used(ram, sample.ram_used_bytes, sample.ram_total_bytes) if sample else "")
        current = gauges.tokens_per_second
        _set(self._speed, speed(current) if current else "")
        self._show_context()

    def _show_context(self) -> None:
        meter = self._meter
        used = meter.shown(self._gauges.context_used)
        words = self.tr("context {0} / {1}").format(f"{used:,}", f"{meter.most:,}")
        role = _CONTEXT_ROLES[meter.fullness]
        if self.context.property("role") != role:
            self.context.setProperty("role", role)
            self.context.style().polish(self.context)
        if meter.fullness is Fullness.FULL:
            words = self.tr("{0}: full").format(words)
        _set(self.context, words if meter.most else "")


def _set(part: QLabel, text: str) -> None:
    if part.text() != text:
        part.setText(text)
        part.setVisible(bool(text))


def _joined(parts: list[str]) -> str:
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _used(words: str, used: int, total: int) -> str:
    return words.format(size(used), size(total))
