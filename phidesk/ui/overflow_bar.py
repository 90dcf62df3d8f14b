"""Above the input: what happens to a conversation that fills the context, and what has."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from phidesk.core.context import Overflow
from phidesk.ui.flow import FlowLayout
from phidesk.ui.theme import SPACE_M, SPACE_S
from phidesk.ui.widgets import label
from phidesk.viewmodels.context_meter import Fullness
from phidesk.viewmodels.prompting import Prompting


class OverflowBar(QFrame):
    """Asks once a chat is full, and says what the model no longer sees; hidden otherwise."""

    blocks_changed = Signal(bool)
    """whether a message would not be sent now"""
    context_wanted = Signal(int)
    """the model is to be loaded again with a context of so many tokens"""
    shorten_wanted = Signal()

    def __init__(self, prompting: Prompting) -> None:
        super().__init__()
        self._prompting = prompting
        self._is_choosing = False
        self._summary = ""
        self.setProperty("role", "card")
        self._text = label(
            role="muted", wrap=True
        )  # as it begins: to polish it makes QStyle's names
        self.drop = QPushButton(self.tr("Drop the oldest"))
        self.drop.setToolTip(self.tr("The oldest questions and answers are no longer sent."))
        self.summarize = QPushButton(self.tr("Sum up the oldest"))
        self.summarize.setToolTip(
            self.tr("The model sums the oldest questions and answers up; that is sent instead.")
        )
        self.stop = QPushButton(self.tr("Stop here"))
        self.stop.setToolTip(self.tr("Nothing is left out, and nothing that does not fit is sent."))
        self.longer = QPushButton()
        self.longer.clicked.connect(lambda: self.context_wanted.emit(self._longer or 0))
        self.shorten = QPushButton(self.tr("Shorten the message"))
        self.shorten.clicked.connect(self.shorten_wanted)
        self._longer: int | None = None
        self.change = QPushButton(self.tr("Change…"))
        self.read = QPushButton(self.tr("Read it"))
        self.read.clicked.connect(self._on_read)
        self.for_all = QCheckBox(self.tr("For all chats"))
        self.for_all.setToolTip(self.tr("Also for chats in which you have not chosen yet."))
        for button, choice in (
            (self.drop, Overflow.DROP),
            (self.summarize, Overflow.SUMMARIZE),
            (self.stop, Overflow.STOP),
        ):
            button.clicked.connect(lambda _=False, choice=choice: self._choose(choice))
        self.change.clicked.connect(self._on_change)
        buttons = FlowLayout()
        for part in (
            self.longer, self.shorten, self.drop, self.summarize, self.stop, self.for_all
        ):  # fmt: skip
            buttons.addWidget(part)
        first = QHBoxLayout()
        first.addWidget(self._text, 1)
        first.addWidget(self.read)
        first.addWidget(self.change)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        column.setSpacing(SPACE_S)
        column.addLayout(first)
        column.addLayout(buttons)
        prompting.meter.changed.connect(self._refresh)
        prompting.chat.current_changed.connect(self._on_current_changed)
        prompting.context.cut_changed.connect(self._refresh)
        prompting.context.choice_changed.connect(self._refresh)
        prompting.context.summarizing_changed.connect(self._refresh)
        self._refresh()

    @property
    def text(self) -> str:
        """What the bar says."""
        return self._text.text()

    def ask(self) -> None:
        """Lead the user here, who wants to send what would not fit."""
        (self.longer if not self.longer.isHidden() else self.drop).setFocus()

    def _choose(self, choice: Overflow) -> None:
        self._is_choosing = False
        chat = self._prompting.chat.current.id
        self._prompting.context.choose(chat, choice, for_all=self.for_all.isChecked())

    def _on_change(self) -> None:
        self._is_choosing = True
        self._refresh()
        self.drop.setFocus()

    def _on_read(self) -> None:
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)  # a model wrote it
        box.setWindowTitle(self.tr("Summary of the oldest messages"))
        box.setText(self._summary)
        box.open()

    def _on_current_changed(self) -> None:
        self._is_choosing = False
        self._refresh()

    def _refresh(self) -> None:
        context, meter = self._prompting.context, self._prompting.meter
        chat, messages = self._prompting.chat.prompt()
        choice = context.choice(chat)
        is_full = meter.fullness is Fullness.FULL
        cut = context.cut(chat, messages)
        text = self._summary = ""
        alone = meter.alone if is_full else None
        blocks = is_full and (alone is not None or choice in (Overflow.ASK, Overflow.STOP))
        if context.is_summarizing:
            text = self.tr("The model sums up the oldest messages…")
        elif alone is not None:
            text = self._too_long(alone)
        elif blocks:
            words = self.tr(
                "This chat does not fit the model's context: {0} of {1} tokens. Nothing is sent "
                "until you shorten it, or choose what is left out."
            )
            text = words.format(f"{meter.used or 0:,}", f"{meter.most:,}")
        elif is_full and choice is Overflow.SUMMARIZE:
            text = self.tr("The context is full: the oldest messages will be summed up.")
        elif is_full:
            text = self.tr("The context is full: the oldest messages will be left out.")
        elif cut is not None and cut.summary:
            text = self.tr("The model sees a summary of the oldest messages in their place.")
            self._summary = cut.summary
        elif cut is not None:
            text = self.tr("The model no longer sees the oldest messages of this chat.")
        self._text.setText(text)
        self.read.setVisible(bool(self._summary))
        role = "warning" if is_full else "muted"
        if self._text.property("role") != role:
            self._text.setProperty("role", role)
            self._text.style().polish(self._text)
        self.longer.setVisible(alone is not None and self._longer is not None)
        self.shorten.setVisible(alone is not None)
        asks = bool(text) and alone is None and (blocks or self._is_choosing)
        for button in (self.drop, self.summarize, self.for_all):
            button.setVisible(asks)
        self.stop.setVisible(asks and choice is not Overflow.STOP)
        can_change = bool(text) and alone is None and not asks and not context.is_summarizing
        self.change.setVisible(can_change)
        self.setVisible(bool(text))
        self.blocks_changed.emit(blocks)

    def _too_long(self, alone: int) -> str:
        self._longer = self._prompting.context.longer_context(alone)
        words = self.tr(
            "This message alone has {0} tokens, the context holds {1}. To leave out older ones "
            "would not help."
        )
        if self._longer is None:
            words += " " + self.tr("The model can have no context that is long enough.")
        else:
            offer = self.tr("Load with a context of {0} tokens")
            self.longer.setText(offer.format(f"{self._longer:,}"))
        return words.format(f"{alone:,}", f"{self._prompting.meter.most:,}")
