"""The user's prompt library, kept in a file."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from phidesk.core.kept_file import KeptFile
from phidesk.core.prompt_library import SavedPrompt
from phidesk.core.sampling_presets import clean_name
from phidesk.viewmodels.kept_table import KeptTable


class PromptLibraryViewModel(QObject):
    """Prompts by name, read when they are first asked for."""

    changed = Signal()
    failed = Signal(str)

    def __init__(
        self, file: KeptFile[SavedPrompt] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        unsaved = self.tr("Your prompts cannot be saved: {0}")
        self._table = KeptTable(file or KeptFile("prompts.json", SavedPrompt), unsaved, self)
        self._table.failed.connect(self.failed)

    def find(self, words: str) -> list[str]:
        """Return the names of prompts that have all the words in name or text."""
        wanted = words.casefold().split()
        found = [
            name
            for name, prompt in self._table.entries.items()
            if all(word in f"{name}\n{prompt.text}".casefold() for word in wanted)
        ]
        return sorted(found, key=str.casefold)

    def text(self, name: str) -> str:
        """Return a prompt's text, "" where there is none of that name."""
        prompt = self._table.entries.get(name)
        return prompt.text if prompt else ""

    def save(self, name: str, text: str, *, instead_of: str = "") -> str:
        """Keep a prompt, instead of one that it is an edit of; returns its name, "" for none.

        Another prompt of that name is never written over.
        """
        name = clean_name(name)
        prompts = self._table.entries
        if not name or not text.strip():
            self.failed.emit(self.tr("A prompt needs a name and a text."))
            return ""
        if name != instead_of and name in prompts:
            self.failed.emit(self.tr("There is a prompt “{0}” already.").format(name))
            return ""
        prompts.pop(instead_of, None)
        prompts[name] = SavedPrompt(text=text)
        self._keep()
        return name

    def delete(self, name: str) -> Callable[[], None]:
        """Drop a prompt; returns the way back, for as long as no other has its name."""
        prompt = self._table.entries.pop(name, None)
        self._keep()

        def restore() -> None:
            if prompt is not None:
                self._table.entries.setdefault(name, prompt)
                self._keep()

        return restore

    def _keep(self) -> None:
        self._table.save()
        self.changed.emit()
