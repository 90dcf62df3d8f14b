"""The form of the answers in the current chat: a JSON schema."""

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QVBoxLayout, QWidget

from phidesk.core.engines import EngineName
from phidesk.core.json_schema import schema_problem
from phidesk.ui.theme import SPACE_S, fixed_font, scaled
from phidesk.ui.widgets import label
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.chat_options import ChatOptionsViewModel
from phidesk.viewmodels.engine_session import EngineSession
from phidesk.viewmodels.words import in_words

_WITH_SCHEMA = (EngineName.LLAMACPP, EngineName.VLLM)
_EXAMPLE = """{
  "type": "object",
  "properties": {
    "answer": {"type": "string"}
  },
  "required": ["answer"]
}"""
_PAUSE_MS = 300


class SchemaField(QWidget):
    """Checks what is typed; only a schema that can be used reaches the chat."""

    def __init__(
        self, session: EngineSession, options: ChatOptionsViewModel, chat: ChatViewModel
    ) -> None:
        super().__init__()
        self._session = session
        self._options = options
        self._chat = chat
        self._showing = False
        self._shown = ""
        """the id of the chat whose schema it is"""
        self.switch = QCheckBox(self.tr("Answer as JSON"))
        self.switch.setToolTip(self.tr("Every answer of this chat follows a JSON schema."))
        self.switch.toggled.connect(self._on_toggled)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("JSON schema"))
        self.text.setFont(fixed_font())
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFixedHeight(scaled(150))
        self.problem = label(role="danger", wrap=True)
        self._why = label(role="muted", wrap=True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._check)
        self.text.textChanged.connect(self._on_edited)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        for part in (self.switch, self._why, self.text, self.problem):
            column.addWidget(part)
        chat.current_changed.connect(self._show)
        session.state_changed.connect(self._enable)
        self._show()

    def _show(self) -> None:
        if self._timer.isActive():
            self._check()
        self._showing = True
        self._shown = self._chat.current.id
        schema = self._options.of(self._shown).json_schema
        self.switch.setChecked(bool(schema))
        self.text.setPlainText(schema)
        self.problem.hide()
        self._showing = False
        self._enable()

    def _enable(self) -> None:
        engine = self._session.engine if self._session.loaded is not None else None
        is_able = engine is None or engine in _WITH_SCHEMA
        self.switch.setEnabled(is_able)
        self.text.setEnabled(is_able)
        self.text.setVisible(self.switch.isChecked())
        words = self.tr("{0} cannot keep to a form: load the model with llama.cpp or vLLM.")
        self._why.setText("" if is_able or engine is None else words.format(engine.label))
        self._why.setVisible(not is_able)

    def _on_toggled(self, is_on: bool) -> None:
        if self._showing:
            return
        if is_on and not self.text.toPlainText().strip():
            self.text.setPlainText(_EXAMPLE)
        self._enable()
        self._check()

    def _on_edited(self) -> None:
        if not self._showing:
            self._timer.start()

    def _check(self) -> None:
        self._timer.stop()
        text = self.text.toPlainText().strip() if self.switch.isChecked() else ""
        problem = in_words(schema_problem(text)) if text else ""
        options = self._options.of(self._shown)
        if not problem:
            self._options.put(self._shown, msgspec.structs.replace(options, json_schema=text))
        elif options.json_schema:
            problem = self.tr("{0} The last schema without a mistake still holds.").format(problem)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
