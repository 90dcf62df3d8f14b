"""Above the input: offers the model that a chat was answered by."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from phidesk.core.models import ModelRef
from phidesk.ui.theme import SPACE_M, SPACE_S
from phidesk.ui.widgets import label
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.models import ModelsViewModel


class ModelOffer(QFrame):
    """Shown where another model is loaded than the one that answered the chat."""

    load_requested = Signal(object)
    """a ModelRef"""

    def __init__(
        self, chat: ChatViewModel, models: ModelsViewModel, session: EngineSession
    ) -> None:
        super().__init__()
        self._chat = chat
        self._models = models
        self._session = session
        self._model: ModelRef | None = None
        self.setProperty("role", "card")
        self._text = label(role="muted", wrap=True)
        self.load = QPushButton()
        self.load.clicked.connect(self._on_load)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        row.addWidget(self._text, 1)
        row.addWidget(self.load)
        chat.current_changed.connect(self._refresh)
        chat.busy_changed.connect(self._refresh)
        session.state_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        path, request = self._chat.current.info.model, self._session.request
        is_loaded = request is not None and request.model.path == path
        is_loading = self._session.state in (EngineState.LOADING, EngineState.EJECTING)
        self._model = None if not path or is_loaded else self._models.find(path)
        if self._model is not None:
            name = self._model.name
            self._text.setText(self.tr("This chat was answered by {0}.").format(name))
            self.load.setText(self.tr("Load {0}").format(name))
        self.load.setEnabled(not is_loading)
        self.setVisible(self._model is not None and not self._chat.is_busy)

    def _on_load(self) -> None:
        if self._model is not None:
            self.load_requested.emit(self._model)
