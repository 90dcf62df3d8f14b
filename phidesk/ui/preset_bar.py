"""Presets in the side panel: choose, save, rename, delete, share as a file."""

from pathlib import Path

import msgspec
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QMessageBox,
    QToolButton,
    QWidget,
)

from phidesk.core.sampling_presets import SUFFIX, Preset
from phidesk.ui.name_dialog import ask_name
from phidesk.ui.theme import SPACE_S, Look
from phidesk.ui.widgets import IconButton
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.chat_options import ChatOptionsViewModel
from phidesk.viewmodels.presets import PresetsViewModel


class PresetBar(QWidget):
    """The preset of the current chat; a star where the chat has changed since."""

    def __init__(
        self,
        presets: PresetsViewModel,
        options: ChatOptionsViewModel,
        chat: ChatViewModel,
        look: Look,
    ) -> None:
        super().__init__()
        self._presets = presets
        self._options = options
        self._chat = chat
        self.box = QComboBox()
        self.box.setAccessibleName(self.tr("Preset"))
        self.box.setMinimumContentsLength(8)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.activated.connect(self._on_activated)
        self.more = IconButton(look, "more", self.tr("Save and manage presets"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.menu = QMenu(self)
        self.more.setMenu(self.menu)
        self.menu.aboutToShow.connect(self._fill_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(self.box, 1)
        row.addWidget(self.more)
        presets.changed.connect(self._fill)
        chat.current_changed.connect(self._fill)
        chat.parameters_changed.connect(self._fill)
        options.changed.connect(self._fill)
        self._fill()

    @property
    def _name(self) -> str:
        name = self._options.of(self._chat.current.id).preset
        return name if self._presets.get(name) else ""

    def _now(self) -> Preset:
        current = self._chat.current
        return Preset(system_prompt=current.system_prompt, sampling=current.sampling)

    def _fill(self) -> None:
        name = self._name
        is_changed = bool(name) and self._presets.get(name) != self._now()
        self.box.clear()
        self.box.addItem(self.tr("No preset"), "")
        for known in self._presets.names():
            words = self.tr("{0} *").format(known) if known == name and is_changed else known
            self.box.addItem(words, known)
        self.box.setCurrentIndex(max(0, self.box.findData(name)))
        self.box.setToolTip(self.tr("Changed since it was chosen") if is_changed else "")

    def _fill_menu(self) -> None:
        name = self._name
        self.menu.clear()
        if name and self._presets.get(name) != self._now():
            words = self.tr("Save the changes to “{0}”").format(name)
            self.menu.addAction(words, lambda: self._save(name))
        self.menu.addAction(self.tr("Save as a preset…"), self._on_save_as)
        if name:
            self.menu.addAction(self.tr("Rename…"), self._on_rename)
            self.menu.addAction(self.tr("Delete"), self._on_delete)
        self.menu.addSeparator()
        if name:
            self.menu.addAction(self.tr("Save as a file to share…"), self._on_export)
        self.menu.addAction(self.tr("Open a file…"), self._on_open)

    def _on_activated(self, place: int) -> None:
        self.choose(str(self.box.itemData(place) or ""))

    def choose(self, name: str) -> None:
        """Answer the current chat as a preset says; "" leaves it as it is."""
        preset = self._presets.get(name)
        if preset is not None:
            self._chat.set_parameters(preset.system_prompt, preset.sampling)
        self._note(name)

    def _note(self, name: str) -> None:
        chat = self._chat.current.id
        self._options.put(chat, msgspec.structs.replace(self._options.of(chat), preset=name))
        self._fill()

    def _save(self, name: str) -> None:
        kept = self._presets.save(name, self._now())
        if kept:
            self._note(kept)

    def _on_save_as(self) -> None:
        name = self._ask(self.tr("Save as a preset"), "")
        if not name:
            return
        if self._presets.get(name) is not None:
            words = self.tr("There is a preset “{0}” already. Replace it?").format(name)
            if not self._sure(words):
                return
        self._save(name)

    def _on_rename(self) -> None:
        name = self._ask(self.tr("Rename the preset"), self._name)
        if name:
            self._note(self._presets.rename(self._name, name))

    def _on_delete(self) -> None:
        name = self._name
        restore = self._presets.delete(name)
        self._chat.undo.offer(self.tr("Preset “{0}” deleted").format(name), restore)

    def _on_export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save a preset as a file"), f"{self._name.replace('/', '-')}{SUFFIX}"
        )
        if path:
            self._presets.export(self._name, Path(path))

    def _on_open(self) -> None:
        words = self.tr("Presets (*.json)")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Open a preset"), "", words)
        if path and (name := self._presets.open(Path(path))):
            self.choose(name)

    def _ask(self, title: str, before: str) -> str:
        return ask_name(self, title, self.tr("Name"), self.tr("Save"), before)

    def _sure(self, question: str) -> bool:
        answer = QMessageBox.question(self, self.tr("Presets"), question)
        return answer is QMessageBox.StandardButton.Yes
