"""The conversation list, the thread, and the composer."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.conversation import Attachment
from phidesk.ui.chats.message_actions import MessageActions
from phidesk.ui.chats.undo_bar import UndoBar
from phidesk.ui.composer import Composer
from phidesk.ui.format import breakable
from phidesk.ui.icons import app_icon
from phidesk.ui.model_offer import ModelOffer
from phidesk.ui.overflow_bar import OverflowBar
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Look, scaled
from phidesk.ui.thread.offers import KeysOf, no_keys
from phidesk.ui.widgets import direction, frame, label
from phidesk.viewmodels.answerer import Answerer
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.conversation import Conversation, DraftState
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.prompting import Prompting

if TYPE_CHECKING:
    from phidesk.ui.chats.side import ChatSide
    from phidesk.ui.thread.view import ThreadView

_COLUMN_WIDTH = 800
_SIDE_WIDTH = 240
_CARD_WIDTH = 600
_LEAST_CARD = (440, 300)
STARTER_QUESTIONS = (
    "What is photosynthesis?",
    "What is the water cycle?",
    "Give me three tips for better sleep",
)
"""of those that were tried, the ones that it answers to the point; it has no Chinese"""


class EmptyThread(QWidget):
    """What a new chat shows: which model will answer, and ways to begin."""

    suggestion_chosen = Signal(str)
    add_folder_requested = Signal()

    def __init__(self, answerer: Answerer) -> None:
        super().__init__()
        self._answerer = answerer
        self._card: QWidget | None = None
        self._picture = picture = QLabel()
        picture.setPixmap(app_icon().pixmap(56, 56))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = label(role="title", wrap=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint = label(role="muted", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._add = QPushButton(self.tr("Add a folder with models…"))
        self._add.clicked.connect(self.add_folder_requested)
        self._suggestions = suggestions = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        suggestions.setSpacing(SPACE_S)
        suggestions.addStretch(1)
        self.buttons = [QPushButton() for _ in STARTER_QUESTIONS]
        for button in self.buttons:
            button.clicked.connect(lambda _=False, b=button: self.suggestion_chosen.emit(b.text()))
            suggestions.addWidget(button)
        suggestions.addStretch(1)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        column.setSpacing(SPACE_M)
        column.addStretch(2)
        column.addWidget(picture)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addSpacing(SPACE_S)
        column.addLayout(suggestions)
        column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)
        answerer.changed.connect(self._refresh)
        self._refresh()

    def welcome(self, card: QWidget) -> None:
        """Show a card in place of the picture and the words, until it is gone."""
        after_stretch = 1
        self._column.insertWidget(after_stretch, card, 0, Qt.AlignmentFlag.AlignHCenter)
        self._card = card
        card.destroyed.connect(self._on_card_gone)
        self._fit_card()

    def _on_card_gone(self) -> None:
        self._card = None
        self._fit_card()

    def _fit_card(self) -> None:
        room = self.contentsRect().adjusted(SPACE_XL, SPACE_XL, -SPACE_XL, -SPACE_XL)
        width, height = map(scaled, _LEAST_CARD)
        has_room = room.width() >= width and room.height() >= height
        if self._card is not None:
            self._card.setFixedWidth(min(scaled(_CARD_WIDTH), max(width, room.width())))
            self._card.setVisible(has_room)
        for part in (self._picture, self._title, self._hint):
            part.setVisible(self._card is None or not has_room)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the ways to begin below one another where there is little room."""
        super().resizeEvent(event)
        self._arrange()
        if self._card is not None:
            self._fit_card()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Catch up with what changed meanwhile."""
        super().showEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        needed = sum(button.sizeHint().width() + SPACE_S for button in self.buttons)
        self._suggestions.setDirection(direction(self.width() < needed + 2 * SPACE_XL))

    def _refresh(self) -> None:
        model = self._answerer.model
        questions = (
            self.tr("What is the capital of France?"),
            self.tr("Write a haiku about rain"),
            "用中文介绍一下北京",
        )
        if model is not None and model.is_starter:
            questions = STARTER_QUESTIONS
        for button, question in zip(self.buttons, questions, strict=True):
            button.setText(question)
            button.setVisible(model is not None)
        if self.isVisible():
            self._arrange()
        self._add.setVisible(model is None)
        if model is None:
            self._title.setText(self.tr("No model yet"))
            self._hint.setText(
                self.tr("Add a folder that holds GGUF files or Hugging Face model folders.")
            )
        else:
            self._title.setText(self.tr("Chat with {0}").format(breakable(model.name)))
            words = self.tr("Everything stays on this machine.")
            if model.is_starter:
                words += "\n" + self.tr("This small model understands English only.")
            self._hint.setText(words)


class ChatPane(QWidget):
    """Puts the parts together."""

    add_folder_requested = Signal()
    load_requested = Signal(object)
    """a ModelRef"""
    context_wanted = Signal(int)
    """the loaded model is wanted with so long a context"""
    link_activated = Signal(QUrl)
    side_made = Signal(object)
    thread_view_made = Signal(object)

    def __init__(
        self, chat: ChatViewModel, models: ModelsViewModel, prompting: Prompting, look: Look
    ) -> None:
        super().__init__()
        self._chat = chat
        self._prompting = prompting
        self._look = look
        self._thread_view: ThreadView | None = None
        self.composer = Composer(prompting.draft, look)
        self.composer.sent.connect(self._on_sent)
        self.composer.send_later_requested.connect(chat.send_later)
        self.composer.changed_meanwhile.connect(chat.hold_back)
        self.composer.prompts_requested.connect(self._on_prompts_requested)
        self.overflow = OverflowBar(prompting)
        self.overflow.blocks_changed.connect(self.composer.set_blocked)
        self.overflow.context_wanted.connect(self.context_wanted)
        self.overflow.shorten_wanted.connect(self.composer.input.setFocus)
        self.composer.refused.connect(self.overflow.ask)
        self.offer = ModelOffer(chat, models, prompting.session)
        self.offer.load_requested.connect(self.load_requested)
        prompting.meter.read_draft = self._read_draft
        prompting.drafts.read = self._read_draft
        prompting.drafts.returned.connect(self.composer.put_before)
        for changed in (self.composer.input.textChanged, prompting.draft.changed):
            changed.connect(prompting.meter.recount)
            changed.connect(prompting.drafts.note)
        self.composer.stop_requested.connect(self.stop)
        self.empty = EmptyThread(prompting.answerer)
        self.empty.suggestion_chosen.connect(chat.send)
        self.empty.add_folder_requested.connect(self.add_folder_requested)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self.side_frame = frame("rail")
        self.side_frame.setFixedWidth(_SIDE_WIDTH)
        self._side_column = QVBoxLayout(self.side_frame)
        self._side_column.setContentsMargins(0, 0, 0, 0)
        self.actions_offered = MessageActions(chat, self)
        self.keys_of: KeysOf = no_keys
        self._shown: Conversation | None = None
        self.undo_bar = UndoBar(chat.undo, look)
        self.undo_bar.setMaximumWidth(_COLUMN_WIDTH + 2 * SPACE_L)
        foot = QWidget()
        foot.setMaximumWidth(_COLUMN_WIDTH)
        lines = QVBoxLayout(foot)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE_S)
        for part in (self.offer, self.overflow, self.composer):
            lines.addWidget(part)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(SPACE_L, 0, SPACE_L, SPACE_L)
        bottom.addStretch(1)
        bottom.addWidget(foot, 100)
        bottom.addStretch(1)
        middle = frame("surface")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self._pages, 1)
        column.addWidget(self.undo_bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(bottom)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side_frame)
        row.addWidget(middle, 1)
        chat.current_changed.connect(self._on_current_changed)
        chat.conversations_changed.connect(self._show_page)
        chat.busy_changed.connect(self._on_busy_changed)
        chat.path_changed.connect(self._on_path_changed)
        chat.draft_state_changed.connect(self._on_draft_state_changed)
        chat.draft_due.connect(self.composer.submit)
        chat.message_wanted.connect(self._on_message_wanted)
        prompting.answerer.changed.connect(self._name_model)
        self._on_current_changed()
        self._name_model()

    @cached_property
    def side(self) -> "ChatSide":
        """The list of chats, made when the chats are read: a window without it is up sooner."""
        from phidesk.ui.chats.side import ChatSide

        side = ChatSide(self._chat.list, self._look)
        self._side_column.addWidget(side)
        self.side_made.emit(side)
        return side

    @property
    def thread_view(self) -> "ThreadView":
        """The conversation view, made when first needed: a window without one is up sooner."""
        if self._thread_view is None:
            from phidesk.ui.thread.view import ThreadView

            look = self._look
            self._thread_view = view = ThreadView(look.theme)
            view.link_activated.connect(self.link_activated)
            view.set_offers(self.actions_offered.offers)
            view.keys_of = self.keys_of
            view.act_requested.connect(self.actions_offered.do)
            view.setModel(self._chat.current.thread)
            self._pages.addWidget(view)
            look.changed.connect(lambda: view.set_theme(look.theme))
            self.thread_view_made.emit(view)
        return self._thread_view

    def stop(self) -> None:
        """Stop the answer; where there is none, close the bar that finds words."""
        if not self._chat.is_busy and self._thread_view is not None:
            self._thread_view.hide_find()
        self._chat.stop()

    @property
    def focused_message(self) -> str | None:
        """The id of the message that the keys have moved to; None for none."""
        view = self._thread_view
        return view.focused_id or None if view is not None else None

    def _on_current_changed(self) -> None:
        shown, self._shown = self._shown, self._chat.current
        self.composer.say("")  # or it would take the other chat's text for a change of this one
        if self._thread_view is not None:
            self._thread_view.setModel(self._shown.thread)
        if shown is not None and shown is not self._shown:
            shown.thread.rowsInserted.disconnect(self._show_page)
            shown.thread.rowsRemoved.disconnect(self._show_page)
            shown.draft = self._read_draft()
            self._prompting.drafts.keep(shown, shown.draft)
            self.composer.put_back(*self._shown.draft)
        if shown is not self._shown:
            self._shown.thread.rowsInserted.connect(self._show_page)
            self._shown.thread.rowsRemoved.connect(self._show_page)
        self._show_page()
        self._on_busy_changed()
        self._on_draft_state_changed()
        self.composer.input.setFocus()

    def _show_page(self) -> None:
        full = self._chat.current.thread.rowCount() > 0
        self._pages.setCurrentWidget(self.thread_view if full else self.empty)

    def _read_draft(self) -> tuple[str, tuple[Attachment, ...]]:
        return self.composer.input.toPlainText(), self._prompting.draft.attachments

    def _on_sent(self, text: str, attachments: tuple[Attachment, ...]) -> None:
        if not self._chat.send(text, attachments):
            self.composer.put_back(text, attachments)
        self._prompting.drafts.keep_now()  # with the message: it is either sent or a draft

    def _on_prompts_requested(self) -> None:
        from phidesk.ui.prompt_dialog import PromptDialog

        dialog = PromptDialog(self._prompting.prompts, self._chat.undo, self._look, self)
        dialog.chosen.connect(self.composer.insert)
        dialog.open()

    def _on_busy_changed(self) -> None:
        self.composer.set_busy(self._chat.is_busy)
        self._on_path_changed()

    def _on_draft_state_changed(self) -> None:
        words = {
            DraftState.WRITTEN: "",
            DraftState.WAITS: self.tr(
                "Sent once this answer is finished. Change the text to hold it back."
            ),
            DraftState.HELD_BACK: self.tr(
                "Not sent: the answer was not finished, or another version of it is shown."
            ),
        }
        self.composer.say(words[self._chat.current.draft_state])

    def _on_path_changed(self) -> None:
        if self._thread_view is not None:
            self._thread_view.show_offers()

    def _on_message_wanted(self, row: int, words: str) -> None:
        index = self._chat.current.thread.index(row)
        self.thread_view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)
        if words:
            self.thread_view.show_found(words, row)

    def _name_model(self) -> None:
        model = self._prompting.answerer.model
        words = self.tr("Message {0}").format(model.name) if model else self.tr("Message")
        self.composer.set_placeholder(words)
