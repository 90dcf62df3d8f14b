"""The rows of the settings dialog: what it is, a word about it, and a field."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from phidesk.ui.theme import SPACE_M, SPACE_S, SPACE_XS, scaled
from phidesk.ui.widgets import frame, label

_FIELD_WIDTH = 230


class Row(QFrame):
    """One setting; it can be found by any word of it, also by some that are not shown."""

    def __init__(
        self, title: str, hint: str, field: QWidget, *, wide: bool = False, words: str = ""
    ) -> None:
        """wide: the field stands below the words and takes all the width."""
        super().__init__()
        self.field = field
        self._words = f"{title} {hint} {words}".casefold()
        field.setAccessibleName(field.accessibleName() or title)
        field.setAccessibleDescription(hint)
        text = QVBoxLayout()
        text.setSpacing(SPACE_XS)
        text.addWidget(label(title, wrap=True))
        self.hint = label(hint, "muted", wrap=True)
        self.hint.setVisible(bool(hint))
        text.addWidget(self.hint)
        if wide:
            column = QVBoxLayout(self)
            column.addLayout(text)
            column.addWidget(field)
            column.setSpacing(SPACE_S)
            column.setContentsMargins(0, SPACE_S, 0, SPACE_S)
            return
        field.setFixedWidth(scaled(_FIELD_WIDTH))
        row = QHBoxLayout(self)
        row.setSpacing(SPACE_M)
        row.setContentsMargins(0, SPACE_S, 0, SPACE_S)
        row.addLayout(text, 1)
        row.addWidget(field, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_hint(self, hint: str) -> None:
        """Say another word about it."""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.field.setAccessibleDescription(hint)

    def fits(self, wanted: Sequence[str], section: str) -> bool:
        """Return whether all wanted words are in the row or the name of its section."""
        text = f"{self._words} {section.casefold()}"
        return all(word in text for word in wanted)


class Section(QFrame):
    """A heading with the rows below it."""

    def __init__(self, title: str, rows: Sequence[Row]) -> None:
        super().__init__()
        self.title = title
        self.rows = list(rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_M)
        column.setSpacing(SPACE_S)
        column.addWidget(label(title, "title"))
        card = frame("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(SPACE_M, SPACE_XS, SPACE_M, SPACE_XS)
        inside.setSpacing(0)
        for row in rows:
            inside.addWidget(row)
        column.addWidget(card)

    def filter(self, wanted: Sequence[str]) -> bool:
        """Show the rows that fit; returns whether there are any."""
        found = [row.fits(wanted, self.title) for row in self.rows]
        for row, is_found in zip(self.rows, found, strict=True):
            row.setVisible(is_found)
        self.setVisible(any(found))
        return any(found)


def choice(options: Sequence[tuple[object, str]], chosen: object) -> QComboBox:
    """Make a box that offers values with their words."""
    box = QComboBox()
    for value, words in options:
        box.addItem(words, value)
    box.setCurrentIndex(max(0, [value for value, _ in options].index(chosen)))
    return box
