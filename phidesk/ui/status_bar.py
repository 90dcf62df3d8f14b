"""The line at the foot of the window: model, engine, memory, speed, context."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from phidesk.ui.format import size, speed
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_XS
from phidesk.ui.widgets import label
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.gauges import GaugesViewModel


class StatusBar(QFrame):
    """Always there, always true: what is not known is not shown."""

    def __init__(self, session: EngineSession, gauges: GaugesViewModel) -> None:
        super().__init__()
        self._session = session
        self._gauges = gauges
        self.setObjectName("status")
        self._model = label(role="muted")
        self._gpu = label(role="muted")
        self._ram = label(role="muted")
        self._speed = label(role="muted")
        self._context = label(role="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L, SPACE_XS, SPACE_L, SPACE_XS)
        row.setSpacing(SPACE_M)
        row.addWidget(self._model)
        row.addStretch(1)
        for part in (self._gpu, self._ram, self._speed, self._context):
            row.addWidget(part)
        session.state_changed.connect(self._refresh)
        gauges.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        session, gauges = self._session, self._gauges
        loaded, request = session.loaded, session.request
        match session.state:
            case EngineState.READY if loaded and request:
                engine = session.engine.label if session.engine else loaded.engine
                parts = [request.model.name, engine, loaded.kernel, loaded.device]
                text = " · ".join(dict.fromkeys(part for part in parts if part))
            case EngineState.LOADING:
                text = self.tr("Loading {0}…").format(request.model.name if request else "")
            case EngineState.EJECTING:
                text = self.tr("Ejecting…")
            case _:
                text = self.tr("No model is loaded")
        _set(self._model, text)
        sample = gauges.sample
        gpu = sample.gpus[0] if sample and sample.gpus else None
        _set(self._gpu, f"VRAM {size(gpu.used_bytes)} / {size(gpu.total_bytes)}" if gpu else "")
        ram = (
            f"RAM {size(sample.ram_used_bytes)} / {size(sample.ram_total_bytes)}" if sample else ""
        )
        _set(self._ram, ram)
        current = gauges.tokens_per_second
        _set(self._speed, speed(current) if current else "")
        most = gauges.context_max
        context = self.tr("context {0} / {1}").format(f"{gauges.context_used:,}", f"{most:,}")
        _set(self._context, context if most else "")


def _set(part: QLabel, text: str) -> None:
    if part.text() != text:
        part.setText(text)
        part.setVisible(bool(text))
