"""The attachments of the message that is being written: name, tokens, and a button to remove."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QWidget

from phidesk.core.conversation import Attachment
from phidesk.ui.flow import FlowLayout
from phidesk.ui.icons import tinted_icon
from phidesk.ui.language import counted
from phidesk.ui.theme import SPACE_S, SPACE_XS, Look
from phidesk.ui.widgets import IconButton, label, plain_tip
from phidesk.viewmodels.draft import DraftViewModel

_NAME_WIDTH, _LEAST_NAME = 220, 60
_MOST_HEIGHT = 76


class AttachmentChips(QScrollArea):
    """Shows the attachments of a draft; hidden while there are none."""

    def __init__(self, draft: DraftViewModel, look: Look) -> None:
        super().__init__()
        self._draft = draft
        self._look = look
        self._inside = QWidget()
        self._flow = FlowLayout(self._inside)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside.setAutoFillBackground(False)  # setWidget() has asked for it
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Attachments"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        draft.changed.connect(self._fill)
        look.changed.connect(self._fill)
        self._fill()

    def resizeEvent(self, event: object) -> None:  # noqa: N802
        """Be as high as the lines of chips."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fill(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, attachment in enumerate(self._draft.attachments):
            self._flow.addWidget(self._chip(place, attachment))
        for name in self._draft.reading:
            self._flow.addWidget(self._chip_frame(name, self.tr("reading…")))
        self.setVisible(self._flow.count() > 0)
        self._fit()

    def _fit(self) -> None:
        height = self._flow.heightForWidth(max(1, self.viewport().width()))
        self.setFixedHeight(min(_MOST_HEIGHT, height))

    def _chip(self, place: int, attachment: Attachment) -> QFrame:
        if attachment.tokens is None:
            count = len(attachment.text)
            size = self.tr("{0} characters", None, counted(count)).format(f"{count:,}")
        else:
            count = attachment.tokens
            size = self.tr("{0} tokens", None, counted(count)).format(f"{count:,}")
        chip = self._chip_frame(attachment.name, size)
        words = self.tr("Remove {0}").format(attachment.name)
        remove = IconButton(self._look, "close", words, size=12)
        remove.setStyleSheet("QToolButton { padding: 2px; }")
        remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        remove.clicked.connect(lambda: self._draft.remove(place))
        row = chip.layout()
        assert row is not None  # noqa: S101 - _chip_frame has laid it out
        row.addWidget(remove)
        return chip

    def _chip_frame(self, name: str, size: str) -> QFrame:
        chip = QFrame()
        chip.setProperty("role", "chip")
        chip.setAccessibleName(f"{name}, {size}")
        chip.setToolTip(plain_tip(name))
        picture = QLabel()
        picture.setPixmap(tinted_icon("file", self._look.theme.muted).pixmap(16, 16))
        title = label()
        title.setMinimumWidth(_LEAST_NAME)
        title.setText(
            title.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, _NAME_WIDTH)
        )
        row = QHBoxLayout(chip)
        row.setContentsMargins(SPACE_S, SPACE_XS - 1, SPACE_XS, SPACE_XS - 1)
        row.setSpacing(SPACE_S - 2)
        row.addWidget(picture)
        row.addWidget(title)
        row.addWidget(label(size, "muted"))
        return chip
