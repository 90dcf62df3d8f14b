"""What can be done with the chosen model beside loading it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from phidesk.core.library.removal import Removal, RemovalError
from phidesk.core.models import ModelFormat
from phidesk.ui.format import size
from phidesk.ui.name_dialog import ask_name
from phidesk.viewmodels.library import LibraryViewModel, Row
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.words import in_words

_MOST_NAMED = 4


class LibraryActions(QObject):
    """Asks, and lets the view-models do it."""

    load_requested = Signal()
    quantize_requested = Signal()

    def __init__(self, library: LibraryViewModel, models: ModelsViewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._library = library
        self._models = models
        self.keys_of: Callable[[str], str] = lambda _action: ""
        """the keys that the menu shows, by the name of the window's action"""

    @property
    def row(self) -> Row | None:
        """The chosen model, where the library knows it."""
        chosen = self._models.selected
        return self._library.row(chosen.path) if chosen is not None else None

    def menu(self) -> QMenu:
        """Make the menu of the chosen model."""
        menu, row = QMenu(self._window), self.row
        menu.setAccessibleName(self.tr("Model"))
        menu.addAction(self.tr("Load and chat"), self.load_requested.emit)
        menu.addAction(self.tr("Quantize…"), self.quantize_requested.emit)
        menu.addSeparator()
        rename = menu.addAction(self.tr("Rename…"), self.rename)
        rename.setShortcut(QKeySequence(self.keys_of("library.rename")))
        if row is not None and row.ref.path in self._models.names:
            menu.addAction(self.tr("Use its own name"), self.use_own_name)
        menu.addAction(self.tr("Show in file manager"), self.show_in_file_manager)
        menu.addAction(self.tr("Copy path"), self.copy_path)
        menu.addSeparator()
        trash = menu.addAction(self.tr("Move to trash…"), self.trash)
        trash.setShortcut(QKeySequence(self.keys_of("library.trash")))
        trash.setEnabled(row is not None and not row.ref.is_starter)
        for action in menu.actions():
            action.setShortcutVisibleInContextMenu(True)
        return menu

    def open_menu(self, place: QPoint) -> None:
        """Show the menu; it goes once something is chosen."""
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def rename(self) -> None:
        """Ask for another name to show; the files keep theirs."""
        row = self.row
        if row is None:
            return
        hint = self.tr("The name to show. The files keep theirs.")
        rename = self.tr("Rename")
        name = " ".join(ask_name(self._window, rename, hint, rename, row.ref.name).split())
        if name:
            own = row.entry.ref.name
            self._models.rename(row.ref.path, "" if name == own else name)

    def use_own_name(self) -> None:
        """Show the name that the files have."""
        if (row := self.row) is not None:
            self._models.rename(row.ref.path, "")

    def show_in_file_manager(self) -> None:
        """Open the folder that the model lies in."""
        if (row := self.row) is not None:
            path = Path(row.ref.path)
            folder = path.parent if row.ref.format is ModelFormat.GGUF else path
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def copy_path(self) -> None:
        """Put the path on the clipboard."""
        if (row := self.row) is not None:
            QGuiApplication.clipboard().setText(row.ref.path)

    def trash(self) -> None:
        """Say what a delete takes away and frees, and do it where that is agreed to."""
        row = self.row
        if row is None:
            return
        if self._library.is_loaded(row):
            self._tell(self.tr("“{0}” is loaded. Eject it first.").format(row.ref.name))
            return
        try:
            removal = self._library.removal_of(row)
        except (RemovalError, OSError) as error:
            self._tell(in_words(str(error)))
            return
        if self._confirm(row, removal):
            self._library.trash(row, removal)

    def _confirm(self, row: Row, removal: Removal) -> bool:
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Move to trash"))
        box.setText(self.tr("Move “{0}” to the trash?").format(row.ref.name))
        box.setInformativeText("\n\n".join(self.consequences(row, removal)))
        action = self.tr("Move to trash")
        if removal.program:
            action = self.tr("Delete from {0}").format(removal.program)
        agree = box.addButton(action, QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(keep)
        box.exec()
        return box.clickedButton() is agree

    def consequences(self, row: Row, removal: Removal) -> list[str]:
        """Return what a delete means, for a person."""
        said = []
        if removal.program:
            words = self.tr("It belongs to {0}, which will not find it any more.")
            said.append(words.format(removal.program))
        if removal.frees:
            words = self.tr("This frees {0} once the trash is emptied.")
            said.append(words.format(size(removal.frees)))
        else:
            said.append(self.tr("This frees nothing: the files have other names, too."))
        if row.copies:
            said.append(self.tr("Another copy of the same weights stays."))
        names = [str(Path(path)) for path in removal.paths[:_MOST_NAMED]]
        if len(removal.paths) > _MOST_NAMED:
            more = self.tr("and {0} more").format(len(removal.paths) - _MOST_NAMED)
            names.append(more)
        return [*said, "\n".join(names)]

    def _tell(self, words: str) -> None:
        QMessageBox.information(self._window, self.tr("Move to trash"), words)
