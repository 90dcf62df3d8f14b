"""Who may be asked: offline or not, a mirror, the access token, how many downloads at once."""

from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S
from phidesk.ui.widgets import indent, label, let_wheel_scroll
from phidesk.viewmodels.get_models import MOST_AT_ONCE, GetModelsViewModel


class Connection(QWidget):
    """The settings; what is changed counts at once."""

    def __init__(self, get: GetModelsViewModel) -> None:
        super().__init__()
        self._get = get
        self.offline = QCheckBox(self.tr("Offline: nothing goes out"))
        self.offline.toggled.connect(get.set_offline)
        self.mirror = QLineEdit()
        self.mirror.setPlaceholderText("https://huggingface.co")
        self.mirror.setAccessibleName(self.tr("Address of a mirror of the Hugging Face Hub"))
        self.mirror.editingFinished.connect(lambda: get.set_mirror(self.mirror.text()))
        self.at_once = QSpinBox()
        self.at_once.setRange(1, MOST_AT_ONCE)
        self.at_once.setAccessibleName(self.tr("Downloads at once"))
        self.at_once.valueChanged.connect(get.set_at_once)
        indent(self.at_once)
        self.token = QLineEdit()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText("hf_…")
        self.token.setAccessibleName(self.tr("Access token for huggingface.co"))
        self.token.returnPressed.connect(self._on_save)
        self.save = QPushButton(self.tr("Save token"))
        self.save.clicked.connect(self._on_save)
        self.forget = QPushButton(self.tr("Forget it"))
        self.forget.clicked.connect(lambda: get.save_token(""))
        self.kept = label(role="muted", wrap=True)
        token = QHBoxLayout()
        token.setSpacing(SPACE_S)
        token.addWidget(self.save)
        token.addWidget(self.forget)
        token.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_S)
        column.addWidget(label(self.tr("Connection"), "title"))
        column.addSpacing(SPACE_S)
        column.addWidget(self.offline)
        for name, *parts in (
            (self.tr("Mirror of the Hugging Face Hub"), self.mirror),
            (self.tr("Access token"), self.token, self.kept),
            (self.tr("Downloads at once"), self.at_once),
        ):
            column.addSpacing(SPACE_M)
            column.addWidget(label(name, "muted"))
            for part in parts:
                column.addWidget(part)
            if self.token in parts:
                column.addLayout(token)
        column.addStretch(1)
        let_wheel_scroll(self)
        self.save.setEnabled(False)
        self.token.textChanged.connect(lambda text: self.save.setEnabled(bool(text.strip())))
        get.settings_changed.connect(self._show)
        get.token_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        get = self._get
        for field in (self.offline, self.at_once):
            field.blockSignals(True)
        self.offline.setChecked(get.offline)
        self.at_once.setValue(get.at_once)
        for field in (self.offline, self.at_once):
            field.blockSignals(False)
        if not self.mirror.hasFocus():
            self.mirror.setText(get.mirror)
        kept = get.token_kept.value if get.token_kept is not None else ""
        words = {
            "nowhere": self.tr(
                "None is needed, but for gated models. Only huggingface.co gets it."
            ),
            "environment": self.tr("HF_TOKEN is used. Only huggingface.co gets it."),
            "keyring": self.tr("Kept in the system's keyring. Only huggingface.co gets it."),
            "session": self.tr(
                "This system has no keyring: the token is kept until phidesk is closed."
            ),
        }
        self.kept.setText(words.get(kept, ""))
        self.forget.setVisible(kept in ("keyring", "session"))

    def _on_save(self) -> None:
        if text := self.token.text().strip():
            self.token.clear()
            self._get.save_token(text)
