"""The model that a question goes to."""

from PySide6.QtCore import QObject, Signal

from phidesk.core.models import ModelRef
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.models import ModelsViewModel


class Answerer(QObject):
    """Knows the model that is loaded or loading, or else the chosen one: it is loaded on demand."""

    changed = Signal()

    def __init__(self, session: EngineSession, models: ModelsViewModel) -> None:
        super().__init__()
        self._session = session
        self._models = models
        self.model = self._find()
        session.state_changed.connect(self._refresh)
        models.selection_changed.connect(self._refresh)
        models.modelReset.connect(self._refresh)

    def _find(self) -> ModelRef | None:
        request = self._session.request
        is_held = self._session.state in (EngineState.LOADING, EngineState.READY)
        if request is None or not is_held:
            return self._models.selected
        return self._models.find(request.model.path) or request.model  # it may have a new name

    def _refresh(self) -> None:
        model = self._find()
        if model != self.model:
            self.model = model
            self.changed.emit()
