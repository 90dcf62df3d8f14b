"""The answers of both models next to each other, with the first difference marked."""

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from phidesk.core.report import Answer
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Look, Theme
from phidesk.ui.widgets import frame, label

_MOST_MARKED = 24  # characters; a word of a script without spaces has no end


class AnswersView(QWidget):
    """One block a prompt; equal answers are shown once."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._inside: QWidget | None = None
        self.same = 0
        self.cells: list[tuple[QLabel, QLabel | None]] = []
        card = frame("card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card)
        self._column = QVBoxLayout(card)
        self._column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_L)
        self._column.setSpacing(SPACE_S)
        self._title = label(role="figure")
        self._note = label(role="muted", wrap=True)
        self._column.addWidget(self._title)
        self._column.addWidget(self._note)

    def show_answers(self, answers: tuple[Answer, ...]) -> None:
        """Show the answers."""
        if self._inside is not None:
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = QWidget()
        grid = QGridLayout(self._inside)
        grid.setContentsMargins(0, SPACE_S, 0, 0)
        grid.setHorizontalSpacing(SPACE_XL)
        grid.setVerticalSpacing(SPACE_S)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.cells = []
        self.same = sum(answer.difference is None for answer in answers)
        title = self.tr("The same answers to {0} of {1} prompts")
        self._title.setText(title.format(self.same, len(answers)))
        self._note.setText(
            self.tr(
                "Greedy answers, cut short. The first difference is marked: what follows it may "
                "differ even where the copy is as good."
            )
        )
        if self.same < len(answers):
            grid.addWidget(label(self.tr("Original"), "muted"), 0, 0)
            grid.addWidget(label(self.tr("Copy"), "muted"), 0, 1)
        for answer in answers:
            self._add(grid, answer)
        self._column.addWidget(self._inside)

    def _add(self, grid: QGridLayout, answer: Answer) -> None:
        theme, row = self._look.theme, grid.rowCount()
        prompt = label(answer.prompt, wrap=True)
        prompt.setStyleSheet("font-weight: 600;")
        prompt.setContentsMargins(0, SPACE_M, 0, 0)
        grid.addWidget(prompt, row, 0, 1, 2)
        if answer.difference is None:
            both = _cell(answer.original, None, theme)
            both.setAccessibleName(self.tr("Both answers"))
            tag = label(self.tr("✓ the same"), "muted")
            grid.addWidget(both, row + 1, 0)
            grid.addWidget(tag, row + 1, 1, Qt.AlignmentFlag.AlignTop)
            self.cells.append((both, None))
            return
        one = _cell(answer.original, answer.difference, theme)
        two = _cell(answer.copy, answer.difference, theme)
        one.setAccessibleName(self.tr("Original's answer"))
        two.setAccessibleName(self.tr("Copy's answer"))
        grid.addWidget(one, row + 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(two, row + 1, 1, Qt.AlignmentFlag.AlignTop)
        self.cells.append((one, two))


def marked_html(text: str, difference: int | None, theme: Theme) -> str:
    """Return an answer as HTML, the word in which the first difference lies marked."""
    if difference is None:
        return _plain(text)
    start, end = difference, min(len(text), difference + 1)
    while start > 0 and difference - start < _MOST_MARKED and _is_word(text[start - 1 : start]):
        start -= 1
    while end < len(text) and end - difference < _MOST_MARKED and _is_word(text[end : end + 1]):
        end += 1
    if not _is_word(text[difference : difference + 1]):
        start = difference
        end = min(len(text), difference + 1)
    word = _plain(text[start:end]) or "&nbsp;▮"  # the answer ends here
    style = f"background-color: {theme.selection}; color: {theme.text}; font-weight: 600;"
    return f'{_plain(text[:start])}<span style="{style}">{word}</span>{_plain(text[end:])}'


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _plain(text: str) -> str:
    return html.escape(text).replace("\n", "<br>").replace("  ", "&nbsp; ")


def _cell(text: str, difference: int | None, theme: Theme) -> QLabel:
    cell = QLabel()
    cell.setTextFormat(Qt.TextFormat.RichText)
    cell.setText(marked_html(text, difference, theme) or "—")
    cell.setWordWrap(True)
    cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    cell.setMinimumWidth(40)
    return cell
