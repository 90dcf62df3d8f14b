"""The input box: grows with the text, takes files, Enter sends, Shift+Enter breaks the line."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
)

from phidesk.core.attachments import is_long_paste
from phidesk.core.conversation import Attachment
from phidesk.ui.long_text import is_quick
from phidesk.ui.theme import SPACE_S, SPACE_XS, Look
from phidesk.ui.widgets import IconButton, label
from phidesk.viewmodels.draft import DraftViewModel

if TYPE_CHECKING:
    from phidesk.ui.attachment_chips import AttachmentChips

_MAX_LINES = 8
_ABOVE = 3
_MOST_INSERTED = 20_000
"""characters that a program puts into the input; what is longer is attached"""


class _Input(QPlainTextEdit):
    """The text field itself."""

    submitted = Signal()
    stop_requested = Signal()
    prompts_requested = Signal()
    files_dropped = Signal(list)
    long_text_pasted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QPlainTextEdit { border: none; background: transparent; padding: 0; }")
        self.setTabChangesFocus(True)
        self.setViewportMargins(0, _ABOVE, 0, 0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Send on Enter, stop on Escape."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.stop_requested.emit()
        elif event.text() == "/" and self.document().isEmpty():
            self.prompts_requested.emit()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802
        """Take files, too."""
        return bool(_files(source)) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Attach files and long texts: the document would lay out each line of them."""
        files = _files(source)
        if files:
            self.files_dropped.emit(files)
            return
        text = source.text()
        if is_long_paste(text) or not self.has_room_for(text):
            self.long_text_pasted.emit(text)
        else:
            self.insertPlainText(text)

    def has_room_for(self, text: str) -> bool:
        """Return whether a text can be put where the cursor is without a pause."""
        before = self.document().characterCount()
        quick = is_quick(self.textCursor().block().text() + text)
        return quick and before + len(text) <= _MOST_INSERTED

    def has_words(self) -> bool:
        """Return whether there is more than white space."""
        block = self.document().begin()
        while block.isValid():
            if block.text().strip():
                return True
            block = block.next()
        return False

    def _fit(self) -> None:
        line = self.fontMetrics().lineSpacing()
        lines = max(1, min(_MAX_LINES, int(self.document().size().height())))
        margin = 2 * int(self.document().documentMargin())
        self.setFixedHeight(lines * line + margin + SPACE_S + _ABOVE)  # room for taller scripts
        policy = Qt.ScrollBarPolicy
        full = self.document().size().height() > _MAX_LINES
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if full else policy.ScrollBarAlwaysOff
        )


class Composer(QFrame):
    """The input with what is attached to it, and its buttons."""

    sent = Signal(str, object)
    """the text, and a tuple of Attachments"""
    send_later_requested = Signal()
    """what is written is to be sent once the answer is finished"""
    changed_meanwhile = Signal()
    """what is written, while something was said about it"""
    stop_requested = Signal()
    prompts_requested = Signal()
    refused = Signal()
    """the user wants to send while that is blocked"""

    def __init__(self, draft: DraftViewModel, look: Look) -> None:
        super().__init__()
        self.setObjectName("composer")
        self.setAcceptDrops(True)
        self._draft = draft
        self._look = look
        self._busy = self._is_blocked = self._is_target = False
        self._said = ""
        self._said_of: list[str] = []
        """the files that were attached then"""
        self.input = _Input()
        self.input.setAccessibleName(self.tr("Message"))
        self.input.submitted.connect(self.submit)
        self.input.stop_requested.connect(self.stop_requested)
        self.input.prompts_requested.connect(self.prompts_requested)
        self.input.files_dropped.connect(draft.add_files)
        self.input.long_text_pasted.connect(self._on_long_text)
        self.input.textChanged.connect(self._on_text_changed)
        draft.changed.connect(self._on_draft_changed)
        self.attach = IconButton(look, "clip", self.tr("Attach files…"), size=18)
        self.attach.clicked.connect(self.ask_files)
        self.prompts = IconButton(look, "book", self.tr("Prompt library"), size=18)
        self.prompts.clicked.connect(self.prompts_requested)
        self.send_words, self.stop_words = self.tr("Send"), self.tr("Stop")
        self.button = IconButton(look, "send", self.send_words, size=18)
        for button in (self.attach, self.prompts, self.button):
            button.setFixedSize(QSize(34, 34))
        self.button.clicked.connect(self._on_clicked)
        row = QHBoxLayout()
        row.setSpacing(SPACE_XS)
        row.addWidget(self.attach, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.prompts, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.input, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE_S, SPACE_S, SPACE_S, SPACE_S)
        self._column.setSpacing(SPACE_S)
        self._column.addLayout(row)

        look.changed.connect(self._restyle)
        self._button_state: tuple[object, ...] = ()
        self._restyle()

    @cached_property
    def chips(self) -> "AttachmentChips":
        """The attachments, made with the first: the window is usable sooner."""
        from phidesk.ui.attachment_chips import AttachmentChips

        made = AttachmentChips(self._draft, self._look)
        self._column.insertWidget(0, made)
        return made

    @cached_property
    def _line(self) -> QLabel:
        """What is said below the input about what is written, made with the first."""
        made = label(role="muted", wrap=True)
        made.setContentsMargins(SPACE_S, 0, SPACE_S, 0)
        self._column.addWidget(made)
        return made

    def set_busy(self, busy: bool) -> None:
        """Show Stop instead of Send."""
        self._busy = busy
        self._update_button()

    def say(self, words: str) -> None:
        """Say something about what is written, also to who cannot see it; "" for nothing."""
        if words == self._said:
            return
        self._said, self._said_of = words, self._files()
        self._line.setText(words)
        self._line.setVisible(bool(words))
        if words:
            from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.input, words))

    def set_blocked(self, blocked: bool) -> None:
        """Keep what is written: it would not fit."""
        self._is_blocked = blocked

    def set_send_words(self, words: str) -> None:
        """Set what the button is called while it sends."""
        self.send_words = words
        self._name_button()

    def set_stop_words(self, words: str) -> None:
        """Set what the button is called while it stops."""
        self.stop_words = words
        self._name_button()

    def set_placeholder(self, text: str) -> None:
        """Set what an empty input says."""
        self.input.setPlaceholderText(text)

    def insert(self, text: str) -> None:
        """Put a text where the cursor is, or attach one that is too long for that."""
        if self.input.has_room_for(text):
            self.input.insertPlainText(text)
        else:
            self._draft.add_text(self.tr("Prompt.txt"), text)
        self.input.setFocus()

    def show_prompts(self) -> None:
        """Ask for the prompt library."""
        self.prompts_requested.emit()

    def ask_files(self) -> None:
        """Let the user choose files to attach."""
        from PySide6.QtWidgets import QFileDialog

        paths, _ = QFileDialog.getOpenFileNames(self, self.tr("Attach text, code or PDF files"))
        self._draft.add_files([Path(path) for path in paths])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Show that files can be dropped here."""
        if _files(event.mimeData()):
            event.acceptProposedAction()
            self._show_target(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802
        """Look as usual again."""
        self._show_target(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Attach the files."""
        event.acceptProposedAction()
        self._show_target(False)
        self._draft.add_files(_files(event.mimeData()))

    def put_back(self, text: str, attachments: tuple[Attachment, ...]) -> None:
        """Have again what was written: it could not be sent."""
        self.input.clear()
        self._draft.put(attachments)
        if self.input.has_room_for(text):
            self.input.setPlainText(text)
            self.input.moveCursor(QTextCursor.MoveOperation.End)
        else:
            self._draft.add_text(self.tr("Message.txt"), text)

    def put_before(self, text: str, attachments: tuple[Attachment, ...]) -> None:
        """Have again what was left unsent, before what is written already."""
        written = self.input.toPlainText()
        self.put_back(
            "\n\n".join(part for part in (text, written) if part),
            (*attachments, *self._draft.attachments),
        )
        self.input.moveCursor(QTextCursor.MoveOperation.End)

    def _files(self) -> list[str]:
        return [attachment.name for attachment in self._draft.attachments]

    def _on_text_changed(self) -> None:
        if self._said:
            self.changed_meanwhile.emit()
        self._update_button()

    def _on_draft_changed(self) -> None:
        is_other = self._files() != self._said_of or bool(self._draft.reading)
        if self._said and is_other:  # not only counted
            self.changed_meanwhile.emit()
        if self._draft.attachments or self._draft.reading:
            self.chips  # noqa: B018 - made by the first look at it
        self._update_button()

    def submit(self) -> None:
        """Send what is written, now or once the answer is finished."""
        text = self.input.toPlainText().strip()
        attachments = self._draft.attachments
        if not (text or attachments) or self._draft.reading:
            return
        if self._busy:
            self.send_later_requested.emit()
            return
        if self._is_blocked:
            self.refused.emit()
            return
        self.input.clear()
        self._draft.put(())
        self.sent.emit(text, attachments)

    def _on_clicked(self) -> None:
        if self._busy:
            self.stop_requested.emit()
        else:
            self.submit()

    def _on_long_text(self, text: str) -> None:
        self._draft.add_text(self.tr("Pasted text.txt"), text)

    def _show_target(self, is_target: bool) -> None:
        self._is_target = is_target
        self._restyle()

    def _update_button(self) -> None:
        has_text = not self.input.document().isEmpty() and self.input.has_words()
        ready = self._busy or has_text or bool(self._draft.attachments)
        theme = self._look.theme
        if self._button_state == (self._busy, ready, theme):
            return  # at each key: a style sheet takes its time
        self._button_state = (self._busy, ready, theme)
        self.button.set_icon_name("stop" if self._busy else "send")
        self._name_button()
        self.button.setEnabled(ready)
        self.button.set_role("on_accent" if ready else "muted")
        background = theme.accent if ready else theme.raised
        self.button.setStyleSheet(
            f"QToolButton {{ background: {background}; border-radius: 17px; padding: 0; }}"
        )

    def _name_button(self) -> None:
        self.button.rename(self.stop_words if self._busy else self.send_words)

    def _restyle(self) -> None:
        theme = self._look.theme
        border = theme.accent if self._is_target else theme.border
        background = theme.accent_soft if self._is_target else theme.surface
        self.setStyleSheet(
            f"#composer {{ background: {background}; border: 1px solid {border};"
            " border-radius: 18px; }"
        )
        self._update_button()


def _files(source: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
