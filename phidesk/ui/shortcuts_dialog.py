"""The list of all keyboard shortcuts, where they can be changed."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from phidesk.ui.shortcuts import Action, Shortcuts
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from phidesk.ui.widgets import SearchField, label, resize_dialog

_SIZE = (560, 600)
_ACTION = Qt.ItemDataRole.UserRole


class ShortcutsDialog(QDialog):
    """Shows each action with its keys; the chosen one's keys are changed below the list."""

    def __init__(
        self,
        shortcuts: Shortcuts,
        fixed: list[tuple[str, str, str]],
        own: list[tuple[str, str, str]],
        parent: QWidget,
    ) -> None:
        """fixed: section, words and keys of what the platform decides; own: of one place alone."""
        super().__init__(parent)
        self._shortcuts = shortcuts
        self._fixed = fixed
        self._own = own
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        resize_dialog(self, *_SIZE)
        self.search = SearchField()
        self.search.setPlaceholderText(self.tr("Search by action or key"))
        self.search.setAccessibleName(self.tr("Search by action or key"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.list.setObjectName("shortcuts")
        self.list.setHeaderHidden(True)
        self.list.setColumnCount(2)
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(0)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.list.itemActivated.connect(self._on_activated)
        self.edit = QKeySequenceEdit()
        self.edit.setMaximumSequenceLength(1)
        self.edit.setAccessibleName(self.tr("New keys"))
        self.edit.keySequenceChanged.connect(self._on_typed)
        self.edit.editingFinished.connect(self._on_keys_pressed)
        self.assign = QPushButton(self.tr("Use these keys"))
        self.assign.clicked.connect(self._on_assign)
        self.clear = QPushButton(self.tr("No keys"))
        self.clear.clicked.connect(lambda: self._rebind(""))
        self.note = label(role="muted", wrap=True)
        editing = QHBoxLayout()
        editing.setSpacing(SPACE_S)
        editing.addWidget(self.edit, 1)
        editing.addWidget(self.assign)
        editing.addWidget(self.clear)
        self._before: dict[str, str] = {}
        """the keys that a reset took from the user, until others are chosen"""
        self.reset = QPushButton()
        self.reset.setAutoDefault(False)
        self.reset.clicked.connect(self._on_reset)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(self.reset)
        row.addStretch(1)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(label(self.tr("Keyboard shortcuts"), "title"))
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(editing)
        column.addWidget(self.note)
        column.addLayout(row)
        for button in (self.assign, self.clear):
            button.setAutoDefault(False)
        shortcuts.changed.connect(self._show)
        self._show()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Down goes from the search to what it has left in the list."""
        is_press = watched is self.search and event.type() is QEvent.Type.KeyPress
        if is_press and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            self._go_to_list()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Let Enter press the button that has the focus, and none else."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        for button in (self.assign, self.clear, self.reset, self.close_button):
            if button.hasFocus():
                button.click()
                return

    @property
    def chosen(self) -> Action | None:
        """The action whose keys can be changed."""
        item = self.list.currentItem()
        found = item.data(0, _ACTION) if item is not None else None
        return found if isinstance(found, Action) else None

    def choose(self, name: str) -> None:
        """Choose an action in the list."""
        for place in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(place)
            action = item.data(0, _ACTION) if item is not None else None
            if item is not None and isinstance(action, Action) and action.name == name:
                self.list.setCurrentItem(item)

    def _show(self) -> None:
        before = self.chosen
        self.list.clear()
        rows: list[tuple[str, str, str, Action | None]] = [
            (a.section, a.words, a.sequence, a) for a in self._shortcuts.actions
        ]
        fixed = (*self._fixed, *self._own)
        rows += [(section, words, keys, None) for section, words, keys in fixed]
        section = ""
        for place in sorted(rows, key=lambda row: [r[0] for r in rows].index(row[0])):
            if place[0] != section:
                section = place[0]
                self._add_heading(section)
            self._add_row(*place[1:])
        self._filter()
        if before is not None:
            self.choose(before.name)
        self._on_current_changed()
        self.reset.setText(self.tr("Undo the reset") if self._before else self.tr("Reset all"))
        self.reset.setEnabled(bool(self._before or self._shortcuts.chosen))

    def _go_to_list(self) -> None:
        """Go to the action that is chosen, or to the first one."""
        self.list.setFocus()
        current = self.list.currentItem()
        if current is not None and not current.isHidden() and current.text(1):
            return
        for place in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(place)
            if item is not None and not item.isHidden() and item.text(1):
                self.list.setCurrentItem(item)
                return

    def _add_heading(self, section: str) -> None:
        heading = QTreeWidgetItem([section])
        font = heading.font(0)
        font.setBold(True)
        heading.setFont(0, font)
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.list.addTopLevelItem(heading)

    def _add_row(self, words: str, keys: str, action: Action | None) -> None:
        shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) or "—"
        item = QTreeWidgetItem([words, shown])
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setData(0, _ACTION, action)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{words}: {shown}")
        self.list.addTopLevelItem(item)

    def _filter(self) -> None:
        wanted = self.search.text().casefold().split()
        heading: QTreeWidgetItem | None = None
        for place in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(place)
            if item is None:
                continue
            if not item.text(1):
                heading = item
                heading.setHidden(True)
                continue
            text = f"{item.text(0)} {item.text(1)}".casefold()
            is_hidden = not all(word in text for word in wanted)
            item.setHidden(is_hidden)
            if heading is not None and not is_hidden:
                heading.setHidden(False)

    def _on_current_changed(self) -> None:
        action = self.chosen
        self.edit.setEnabled(action is not None)
        self.clear.setEnabled(action is not None and bool(action.sequence))
        self.edit.setKeySequence(QKeySequence(action.sequence if action else ""))
        self._on_typed()

    def _on_activated(self) -> None:
        if self.chosen is not None:
            self.edit.setFocus()

    def _on_keys_pressed(self) -> None:
        """Go on to the button that takes them over, for who has no mouse at hand."""
        if self.edit.hasFocus() and self.assign.isEnabled():
            self.assign.setFocus()

    def _on_typed(self) -> None:
        action, typed = self.chosen, self._typed
        self.assign.setEnabled(action is not None and bool(typed) and typed != action.sequence)
        owners = self._shortcuts.owners(typed, action) if action is not None else []
        if self._is_fixed:
            words = self.tr("These keys cannot be changed.")
        elif action is None:
            words = self.tr("Choose an action to change its keys.")
        elif (fixed := self._fixed_owner(typed, action.section)) is not None:
            words = self.tr("“{0}” has these keys, and keeps them: choose others.").format(fixed)
            self.assign.setEnabled(False)
        elif owners:
            names = "”, “".join(owner.words for owner in owners)
            words = self.tr("“{0}” would lose these keys.").format(names)
        elif action.would_type(typed):
            words = self.tr("A single key would be taken from what you type: add Ctrl or Alt.")
            self.assign.setEnabled(False)
        else:
            words = self.tr("Press the new keys for “{0}”.").format(action.words)
        self.note.setText(words)

    def _fixed_owner(self, typed: str, section: str) -> str | None:
        rows = [*self._fixed, *(row for row in self._own if row[0] == section)]
        taken = ((words, keys.split(", ")) for _, words, keys in rows)
        return next((words for words, keys in taken if typed and typed in keys), None)

    @property
    def _typed(self) -> str:
        return self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    @property
    def _is_fixed(self) -> bool:
        item = self.list.currentItem()
        return item is not None and self.chosen is None and bool(item.text(1))

    def _on_reset(self) -> None:
        """Take all keys back to what they were at first, or that back."""
        chosen, self._before = self._before, {} if self._before else self._shortcuts.chosen
        self._shortcuts.choose(chosen)

    def _on_assign(self) -> None:
        self._rebind(self._typed)
        self.list.setFocus()  # not on to "Reset all"

    def _rebind(self, sequence: str) -> None:
        action = self.chosen
        if action is not None:
            self._before = {}
            self._shortcuts.rebind(action.name, sequence)
