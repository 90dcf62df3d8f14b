"""How new chats begin: the user's system prompt or preset, else what suits the model."""

from PySide6.QtCore import QObject

from phidesk.core.settings import Settings
from phidesk.core.starter import default_sampling
from phidesk.viewmodels.answerer import Answerer
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.presets import PresetsViewModel


class ChatDefaults(QObject):
    """Tells the chats anew whenever the model or the settings change."""

    def __init__(
        self,
        settings: Settings,
        presets: PresetsViewModel,
        chat: ChatViewModel,
        answerer: Answerer,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._presets = presets
        self._chat = chat
        self._answerer = answerer
        answerer.changed.connect(self.apply)
        self.apply()

    def apply(self) -> None:
        """Have new chats begin as the settings say."""
        name = self._settings.preset
        preset = self._presets.get(name) if name else None  # reading presets takes time
        if preset is not None:
            self._chat.set_default_prompt(preset.system_prompt)
            self._chat.set_default_sampling(preset.sampling)
            return
        self._chat.set_default_prompt(self._settings.system_prompt)
        if self._answerer.model is not None:
            self._chat.set_default_sampling(default_sampling(self._answerer.model))
