"""What the user may choose for the whole of phidesk, in one place; each change counts at once."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from phidesk.core.context import Overflow
from phidesk.core.engines import EngineName, missing_modules
from phidesk.core.paths import choose_models_dir, models_dir
from phidesk.core.settings import Settings, SettingsFile
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.saving import saving_problem


class Preferences(QObject):
    """The settings that no other view-model changes already."""

    changed = Signal()
    chats_changed = Signal()
    """new chats begin in another way"""
    failed = Signal(str)

    def __init__(
        self,
        settings: Settings,
        file: SettingsFile,
        models: ModelsViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._file = file
        self._models = models
        self.settings = settings

    @property
    def models_folder(self) -> Path:
        """Where downloads and copies go."""
        return models_dir()

    def lacks(self, engine: EngineName) -> tuple[str, ...]:
        """Return what an engine would need to have installed."""
        return missing_modules(engine)

    def set_language(self, code: str) -> None:
        """Speak another language, "system" for that of the desktop, from the next start on."""
        self.settings.language = code
        self.save()

    def set_theme(self, mode: str) -> None:
        """Remember "system", "light" or "dark"."""
        self.settings.theme = mode
        self.save()

    def set_models_folder(self, folder: str) -> None:
        """Put models elsewhere from now on, "" for the usual place.

        Nothing is moved: what is in the folder until now stays in the list.
        """
        before = models_dir()
        chosen = str(Path(folder).expanduser().absolute()) if folder else ""
        if chosen == self.settings.models_folder:
            return
        self.settings.models_folder = chosen
        choose_models_dir(chosen)
        if before.is_dir() and any(before.iterdir()) and str(before) not in self._models.folders:
            self.settings.folders.append(str(before))
        self.save()
        self._models.rescan()

    def set_system_prompt(self, text: str) -> None:
        """Begin new chats with a system prompt, "" for the model's own."""
        if text != self.settings.system_prompt:
            self.settings.system_prompt = text
            self.save()
            self.chats_changed.emit()

    def set_preset(self, name: str) -> None:
        """Begin new chats with a preset, "" for none."""
        self.settings.preset = name
        self.save()
        self.chats_changed.emit()

    def set_overflow(self, choice: Overflow) -> None:
        """Say what happens to chats that no longer fit, and do not say so themselves."""
        self.settings.overflow = choice
        self.save()

    def set_default_engine(self, engine: EngineName | None) -> None:
        """Load models with an engine where it reads them, None: automatic."""
        self.settings.default_engine = engine
        self.save()

    def set_first_run_done(self) -> None:
        """Never offer again what the first start offers."""
        self.settings.first_run_done = True
        self.save()

    def save(self) -> None:
        """Write the settings, or say why that cannot be done."""
        if problem := saving_problem(self._file, self.settings):
            self.failed.emit(problem)
        self.changed.emit()
