"""Opens the settings, and what belongs to them; each made when it is asked for."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from phidesk.ui.theme import Look
from phidesk.ui.window_dialogs import WindowDialogs
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.preferences import Preferences
from phidesk.viewmodels.presets import PresetsViewModel

if TYPE_CHECKING:
    from phidesk.ui.chat_pane import ChatPane
    from phidesk.ui.settings.dialog import SettingsDialog
    from phidesk.viewmodels.about import AboutViewModel
    from phidesk.viewmodels.get_models import GetModelsViewModel


class SettingsDialogs(QObject):
    """engines_widget makes what shows and installs engines, where there is such a thing."""

    get_requested = Signal()
    add_folder_requested = Signal()

    def __init__(
        self,
        window: QWidget,
        dialogs: WindowDialogs,
        preferences: Preferences,
        models: ModelsViewModel,
        get_models: "Callable[[], GetModelsViewModel]",
        presets: PresetsViewModel,
        look: Look,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._dialogs = dialogs
        self._preferences = preferences
        self._models = models
        self._get_models = get_models
        self._presets = presets
        self._look = look
        self._settings: SettingsDialog | None = None
        self.engines_widget: Callable[[], QWidget] | None = None

    def show_settings(self) -> None:
        """Show all settings, once."""
        if self._settings is not None:
            self._settings.raise_()
            return
        from phidesk.ui.settings.dialog import SettingsDialog
        from phidesk.ui.settings.general import Chats, General, Other
        from phidesk.ui.settings.models import Downloads, Engines, Folders

        more = self.engines_widget() if self.engines_widget is not None else None
        self._settings = SettingsDialog(
            General(self._preferences, self._look, self),
            Folders(self._preferences, self._models, self._window),
            Downloads(self._get_models(), self),
            Chats(self._preferences, self._presets, self),
            Engines(self._preferences, self, more),
            Other(self._dialogs, self),
            self._window,
        )
        self._settings.finished.connect(self._on_finished)
        self._settings.about_requested.connect(self.show_about)
        self._settings.open()

    def show_about(self) -> None:
        """Show what phidesk is made of."""
        from phidesk.ui.about_dialog import AboutDialog

        AboutDialog(self._about, self._settings or self._window).open()

    @cached_property
    def _about(self) -> "AboutViewModel":
        from phidesk.viewmodels.about import AboutViewModel

        return AboutViewModel(self)

    def welcome(self, chat: "ChatPane") -> None:
        """Offer in an empty chat what can be chosen at first; nothing waits for it."""
        from phidesk.ui.settings.general import General
        from phidesk.ui.settings.models import Engines, Folders
        from phidesk.ui.settings.welcome import Welcome

        more = self.engines_widget() if self.engines_widget is not None else None
        card = Welcome(
            General(self._preferences, self._look, self),
            Folders(self._preferences, self._models, self._window),
            Engines(self._preferences, self, more),
            self._models,
        )
        card.get_requested.connect(self.get_requested)
        card.add_folder_requested.connect(self.add_folder_requested)
        card.done.connect(self._preferences.set_first_run_done)
        card.done.connect(chat.composer.input.setFocus)
        chat.empty.welcome(card)

    def _on_finished(self) -> None:
        self._settings = None
