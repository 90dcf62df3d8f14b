"""The sections about the window itself, and about what is said in it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from phidesk.core.context import Overflow
from phidesk.ui.language import languages
from phidesk.ui.settings.rows import Row, choice
from phidesk.ui.theme import Look
from phidesk.viewmodels.preferences import Preferences
from phidesk.viewmodels.presets import PresetsViewModel

if TYPE_CHECKING:
    from phidesk.ui.window_dialogs import WindowDialogs

_PROMPT_HEIGHT = 88


class General(QObject):
    """Language and theme."""

    def __init__(self, preferences: Preferences, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        settings = preferences.settings
        names = [("system", self.tr("As the system")), *languages().items()]
        known = [code for code, _ in names]
        language = settings.language if settings.language in known else "system"
        self.language = choice(names, language)
        self.language.activated.connect(
            lambda: preferences.set_language(self.language.currentData())
        )
        self.theme = choice(
            [
                ("system", self.tr("As the system")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
            ],
            settings.theme if settings.theme in ("light", "dark") else "system",
        )
        self.theme.activated.connect(lambda: preferences.set_theme(self.theme.currentData()))
        self.theme.activated.connect(lambda: look.set_mode(self.theme.currentData()))
        self.title = self.tr("General")
        self.rows = [
            Row(
                self.tr("Language"),
                self.tr("Takes effect when phidesk is started the next time."),
                self.language,
                words="english chinese 中文 简体 语言",
            ),
            Row(self.tr("Theme"), "", self.theme, words=self.tr("colours appearance mode")),
        ]


class Chats(QObject):
    """How new chats begin, and what happens to long ones."""

    def __init__(
        self, preferences: Preferences, presets: PresetsViewModel, parent: QObject
    ) -> None:
        super().__init__(parent)
        settings = preferences.settings
        self._preferences = preferences
        self.prompt = QPlainTextEdit(settings.system_prompt)
        self.prompt.setPlaceholderText(self.tr("The model's own"))
        self.prompt.setTabChangesFocus(True)
        self.prompt.setFixedHeight(_PROMPT_HEIGHT)
        self.prompt.textChanged.connect(
            lambda: preferences.set_system_prompt(self.prompt.toPlainText())
        )
        names = presets.names()
        self.preset = choice(
            [("", self.tr("No preset")), *((name, name) for name in names)],
            settings.preset if settings.preset in names else "",
        )
        self.preset.activated.connect(self._on_preset)
        self.overflow = choice(
            [
                (Overflow.ASK.value, self.tr("Ask me")),
                (Overflow.DROP.value, self.tr("Leave out the oldest turns")),
                (Overflow.SUMMARIZE.value, self.tr("Sum up the oldest turns")),
                (Overflow.STOP.value, self.tr("Stop")),
            ],
            settings.overflow.value,
        )
        self.overflow.activated.connect(
            lambda: preferences.set_overflow(Overflow(self.overflow.currentData()))
        )
        self._prompt_row = Row(
            self.tr("System prompt"), "", self.prompt, wide=True, words=self.tr("instructions")
        )
        self._show_prompt()
        self.title = self.tr("New chats")
        self.rows = [
            Row(
                self.tr("Preset"),
                self.tr("Presets are made beside a chat, in the side panel."),
                self.preset,
                words=self.tr("sampling temperature"),
            ),
            self._prompt_row,
            Row(
                self.tr("A chat that no longer fits the context"),
                self.tr("For chats that do not say so themselves."),
                self.overflow,
                words=self.tr("overflow tokens"),
            ),
        ]

    def _on_preset(self) -> None:
        self._preferences.set_preset(self.preset.currentData())
        self._show_prompt()

    def _show_prompt(self) -> None:
        is_used = not self.preset.currentData()
        self.prompt.setEnabled(is_used)
        own = self.tr("What every new chat begins with; a chat can change it.")
        self._prompt_row.set_hint(own if is_used else self.tr("The preset brings its own."))


class Other(QObject):
    """What has a dialog of its own."""

    def __init__(self, dialogs: "WindowDialogs", parent: QObject) -> None:
        super().__init__(parent)
        self.title = self.tr("Keys and privacy")
        self.rows = [
            Row(
                self.tr("Keyboard shortcuts"),
                self.tr("All keys, where they can be changed."),
                _button(self.tr("Shortcuts…"), dialogs.show_shortcuts),
            ),
            Row(
                self.tr("Connections"),
                self.tr(
                    "What has gone out since the start, and the models that you agreed to load."
                ),
                _button(self.tr("Connections…"), dialogs.show_privacy),
                words=self.tr("privacy consents network"),
            ),
        ]


def _button(words: str, act: Callable[[], None]) -> QPushButton:
    made = QPushButton(words)
    made.setAutoDefault(False)
    made.clicked.connect(act)
    return made
