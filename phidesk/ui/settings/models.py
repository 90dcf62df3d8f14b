"""The sections about models: where they lie, where they come from, what runs them."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.engines import EngineName
from phidesk.ui.settings.rows import Row, choice
from phidesk.ui.theme import SPACE_S
from phidesk.ui.widgets import indent, label
from phidesk.viewmodels.get_models import MOST_AT_ONCE, GetModelsViewModel
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.preferences import Preferences

_FOLDERS_HEIGHT = 96


class Folders(QObject):
    """Where models go, and where else they are looked for."""

    def __init__(self, preferences: Preferences, models: ModelsViewModel, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        self._models = models
        self.own = QLineEdit()
        self.own.setReadOnly(True)
        self.choose = _button(self.tr("Choose…"))
        self.choose.clicked.connect(self._on_choose)
        self.usual = _button(self.tr("Usual place"))
        self.usual.clicked.connect(lambda: self._set_own(""))
        self.list = QListWidget()
        self.list.ensurePolished()
        self.list.setFixedHeight(_FOLDERS_HEIGHT)
        self.list.setAccessibleName(self.tr("Folders with models"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.add = _button(self.tr("Add folder…"))
        self.add.clicked.connect(self._on_add)
        self.remove = _button(self.tr("Remove"))
        self.remove.setEnabled(False)
        self.remove.clicked.connect(self._on_remove)
        self.list.currentRowChanged.connect(self._on_row_changed)
        own = _beside(self.own, self.choose, self.usual)
        own.setAccessibleName(self.tr("Models folder"))
        self.own.setAccessibleName(self.tr("Models folder"))
        others = QWidget()
        column = QVBoxLayout(others)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self.list)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        column.addLayout(buttons)
        models.library_changed.connect(self._show)
        self.title = self.tr("Folders")
        self.rows = [
            Row(
                self.tr("Models folder"),
                self.tr(
                    "Downloads and quantized copies go here. Models that are elsewhere stay "
                    "where they are, and in the list."
                ),
                own,
                wide=True,
                words=self.tr("directory path disk"),
            ),
            Row(
                self.tr("More folders with models"),
                self.tr(
                    "Those of Hugging Face, LM Studio, Ollama and text-generation-webui are "
                    "found by themselves."
                ),
                others,
                wide=True,
                words=self.tr("directory path library"),
            ),
        ]
        self._show()

    def _show(self) -> None:
        self.own.setText(str(self._preferences.models_folder))
        self.usual.setEnabled(bool(self._preferences.settings.models_folder))
        shown = [item.text() for item in self.list.findItems("*", Qt.MatchFlag.MatchWildcard)]
        if shown != list(self._models.folders):
            self.list.clear()
            self.list.addItems(self._models.folders)
        self.list.setVisible(bool(self._models.folders))
        self.remove.setVisible(bool(self._models.folders))

    def _set_own(self, folder: str) -> None:
        self._preferences.set_models_folder(folder)
        self._show()

    def _on_choose(self) -> None:
        begin = str(self._preferences.models_folder)
        title = self.tr("The folder for models")
        if folder := QFileDialog.getExistingDirectory(self._window, title, begin):
            self._set_own(folder)

    def _on_add(self) -> None:
        title = self.tr("A folder with models")
        if folder := QFileDialog.getExistingDirectory(self._window, title, str(Path.home())):
            self._models.add_folder(folder)
            self._show()

    def _on_row_changed(self, row: int) -> None:
        self.remove.setEnabled(row >= 0)

    def _on_remove(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._models.remove_folder(item.text())
            self._show()


class Downloads(QObject):
    """Who may be asked for models; the same view-model as beside the search for models."""

    def __init__(self, get: GetModelsViewModel, parent: QObject) -> None:
        super().__init__(parent)
        self._get = get
        self.offline = QCheckBox()
        self.offline.toggled.connect(get.set_offline)
        self.mirror = QLineEdit()
        self.mirror.setPlaceholderText("https://huggingface.co")
        self.mirror.editingFinished.connect(lambda: get.set_mirror(self.mirror.text()))
        self.at_once = QSpinBox()
        indent(self.at_once)
        self.at_once.setRange(1, MOST_AT_ONCE)
        self.at_once.valueChanged.connect(get.set_at_once)
        self.title = self.tr("Downloads")
        self.rows = [
            Row(
                self.tr("Offline"),
                self.tr("Nothing goes out, not even what you start."),
                self.offline,
                words=self.tr("privacy network internet connection"),
            ),
            Row(
                self.tr("Mirror of the Hugging Face Hub"),
                self.tr("An address that is asked in place of huggingface.co."),
                self.mirror,
                words=self.tr("endpoint server address"),
            ),
            Row(
                self.tr("Downloads at once"),
                self.tr("The access token is beside the search in Get models."),
                self.at_once,
                words=self.tr("parallel token"),
            ),
        ]
        get.settings_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        for field in (self.offline, self.at_once):
            field.blockSignals(True)
        self.offline.setChecked(self._get.offline)
        self.at_once.setValue(self._get.at_once)
        for field in (self.offline, self.at_once):
            field.blockSignals(False)
        if not self.mirror.hasFocus():
            self.mirror.setText(self._get.mirror)


class Engines(QObject):
    """What runs models where nothing else is said, and what is installed."""

    def __init__(
        self, preferences: Preferences, parent: QObject, more: QWidget | None = None
    ) -> None:
        """more: shows and installs engines; None: what there is, in words."""
        super().__init__(parent)
        engines = [(engine, engine.label) for engine in EngineName]
        self.default = choice(
            [(None, self.tr("Automatic")), *engines], preferences.settings.default_engine
        )
        self.default.activated.connect(
            lambda place: preferences.set_default_engine(self.default.itemData(place))
        )
        rows = [
            Row(
                self.tr("Default engine"),
                self.tr("For models that it reads. What you chose for a model goes before."),
                self.default,
                words="llama.cpp vllm transformers",
            )
        ]
        if more is not None:
            rows.append(
                Row(self.tr("Engines"), "", more, wide=True, words=self.tr("install gpu cuda"))
            )
        else:
            lines = []
            for engine in EngineName:
                missing = ", ".join(preferences.lacks(engine))
                is_there = self.tr("{0}: installed").format(engine.label)
                is_not = self.tr("{0}: not installed (missing: {1})").format(engine.label, missing)
                lines.append(is_not if missing else is_there)
            shown = label("\n".join(lines), wrap=True)
            rows.append(Row(self.tr("What is installed"), "", shown, wide=True))
        self.title, self.rows = self.tr("Engines"), rows


def _button(words: str) -> QPushButton:
    made = QPushButton(words)
    made.setAutoDefault(False)
    return made


def _beside(*parts: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_S)
    for place, part in enumerate(parts):
        row.addWidget(part, 1 if place == 0 else 0)
    return made
