"""What stands in the table's place where it has nothing to show."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, Look
from phidesk.ui.widgets import label

_ICON = 44
_WIDTH, _LEAST_WIDTH = 400, 180


class EmptyLibrary(QWidget):
    """An icon, what is the matter, and buttons that lead on."""

    add_folder_requested = Signal()
    get_requested = Signal()
    clear_requested = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._icon_name = "search"
        self._icon = QLabel()
        self._title = label(role="title", wrap=True)
        self._title.setMinimumWidth(_LEAST_WIDTH)
        self._text = label(role="muted", wrap=True)
        self._text.setMinimumWidth(_LEAST_WIDTH)
        self._text.setMaximumWidth(_WIDTH)
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedSize(QSize(180, 6))
        self._busy.setAccessibleName(self.tr("Reading folders"))
        self.add = QPushButton(self.tr("Add folder…"))
        self.add.clicked.connect(self.add_folder_requested)
        self.get = QPushButton(self.tr("Get models…"))
        self.get.setProperty("primary", True)
        self.get.clicked.connect(self.get_requested)
        self.clear = QPushButton(self.tr("Show all models"))
        self.clear.clicked.connect(self.clear_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        for button in (self.get, self.add, self.clear):
            buttons.addWidget(button)
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addStretch(2)
        column.addWidget(self._icon, 0, centre)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addWidget(self._busy, 0, centre)
        for words in (self._title, self._text):
            words.setAlignment(centre)
        for part in (self._busy, self.get, self.add, self.clear):
            part.hide()
        column.addLayout(buttons)
        column.setAlignment(buttons, centre)
        column.addStretch(3)
        look.changed.connect(self._tint)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give the words the height that they need."""
        super().resizeEvent(event)
        self._fit_text()

    @property
    def title(self) -> str:
        """What is the matter, in a few words."""
        return self._title.text()

    def show_scanning(self) -> None:
        """Models are being looked for."""
        words = self.tr("phidesk reads the folders of this computer's models. Nothing is run.")
        self._show("search", self.tr("Looking for models"), words)
        self._busy.show()

    def show_no_match(self) -> None:
        """There are models, but the filters leave none."""
        words = self.tr("No model is like that. Change the search or the filters.")
        self._show("search", self.tr("Nothing found"), words)
        self.clear.show()

    def show_only_starter(self) -> None:
        """There is the starter model, and nothing else."""
        words = self.tr(
            "The starter model answers right away. For more, add a folder with GGUF files or "
            "safetensors models. The Hugging Face cache and the folders of LM Studio, Ollama and "
            "text-generation-webui are found by themselves."
        )
        self._show("models", self.tr("Only the starter model is here"), words)
        self.add.show()
        self.get.show()

    def show_nothing(self) -> None:
        """There is no model at all."""
        words = self.tr(
            "Add a folder with GGUF files or safetensors models. The Hugging Face cache and the "
            "folders of LM Studio, Ollama and text-generation-webui are found by themselves."
        )
        self._show("models", self.tr("No models yet"), words)
        self.add.show()
        self.get.show()

    def _show(self, icon: str, title: str, text: str) -> None:
        self._icon_name = icon
        self._title.setText(title)
        self._text.setText(text)
        self._fit_text()
        for part in (self._busy, self.get, self.add, self.clear):
            part.hide()
        self._tint()

    def _fit_text(self) -> None:
        # A layout asks for the hint, which is not that of this width.
        width = min(_WIDTH, max(_LEAST_WIDTH, self.width() - 2 * SPACE_L))
        self._text.setMinimumHeight(max(0, self._text.heightForWidth(width)))

    def _tint(self) -> None:
        icon = tinted_icon(self._icon_name, self._look.theme.muted)
        self._icon.setPixmap(icon.pixmap(_ICON, _ICON))
