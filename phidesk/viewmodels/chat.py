"""The conversations: what is said, in which versions, and what is being answered."""

import time
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal

from phidesk.core.chat import DEFAULT_SYSTEM_PROMPT, Message, Role, SamplingParams, StopReason
from phidesk.core.chat_tree import first_words
from phidesk.core.conversation import (
    Attachment,
    ChatInfo,
    ChatMessage,
    Folder,
    MessageState,
)
from phidesk.viewmodels.answers import Answer, Answers
from phidesk.viewmodels.chat_list import ChatListViewModel
from phidesk.viewmodels.chat_options import ChatOptionsViewModel
from phidesk.viewmodels.context_fit import ContextFit
from phidesk.viewmodels.conversation import Conversation, DraftState
from phidesk.viewmodels.engine_session import EngineSession
from phidesk.viewmodels.keeper import Keeper, NoKeeper, UnreadableChatError
from phidesk.viewmodels.titles import Titles
from phidesk.viewmodels.undo import Undo

_BROKEN_OFF = (MessageState.STOPPED, MessageState.FAILED, MessageState.INTERRUPTED)


class ChatViewModel(QObject):
    """The current chat and all others; every change goes to the keeper.

    At most one answer of a chat is written at a time; several chats are answered side by side.
    """

    current_changed = Signal()
    conversations_changed = Signal()
    """a chat or folder came, went, or is called, placed or marked differently"""
    busy_changed = Signal()
    path_changed = Signal()
    """another version of a message of the current chat is shown"""
    draft_state_changed = Signal()
    """of the current chat"""
    draft_due = Signal()
    """what waits in the current chat is to be sent now"""
    draft_sent = Signal(object)
    """the Conversation, one that is not shown: what waited in it was sent"""
    model_needed = Signal()
    """a message waits, and no model is loaded or loading"""
    parameters_changed = Signal()
    """the current chat is answered in another way"""
    parameters_replaced = Signal()
    """and the user did not type it"""
    message_wanted = Signal(int, str)
    """the row of the current thread that is to be shown, and words to be marked, "" for none"""
    failed = Signal(str)

    def __init__(
        self,
        session: EngineSession,
        context: ContextFit,
        options: ChatOptionsViewModel,
        keeper: Keeper | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._options = options
        self.keeper: Keeper = keeper or NoKeeper()
        self.answers = Answers(session, self.keeper, context, options, self)
        self.titles = Titles(session, self.answers, self)
        self.undo = Undo(self)
        self.list = ChatListViewModel(self)
        self.folders: list[Folder] = []
        self._defaults = [SamplingParams()]
        """how chats began with the models until now, the last is of this one"""
        self._prompts = [DEFAULT_SYSTEM_PROMPT]
        """the system prompts that chats began with until now"""
        self.current = Conversation(on_changed=self._on_info_changed)
        options.find = self.find
        self.conversations: list[Conversation] = [self.current]
        self.answers.changed.connect(self._on_answers_changed)
        self.answers.ended.connect(self._on_answer_ended)
        self.answers.model_needed.connect(self.model_needed)
        context.cut_changed.connect(self._mark_unseen)
        self.path_changed.connect(self._on_path_changed)
        self.path_changed.connect(self._mark_unseen)
        self.current_changed.connect(self._mark_unseen)
        self.current_changed.connect(lambda: self.undo.show_at(self.current.id))
        self.undo.show_at(self.current.id)

    def start(self) -> None:
        """List the chats that are kept."""
        known = {conversation.id for conversation in self.conversations}
        kept = sorted(self.keeper.chats(), key=lambda info: info.updated, reverse=True)
        unfinished = self.keeper.unfinished()
        for info in kept:
            if info.id not in known:
                made = Conversation(info, self._on_info_changed, is_loaded=False)
                made.was_interrupted = info.id in unfinished.interrupted
                made.had_draft = info.id in unfinished.drafted
                self.conversations.append(made)
        self.folders = sorted(self.keeper.folders(), key=lambda folder: folder.position)
        self.conversations_changed.emit()

    def use(self, keeper: Keeper) -> None:
        """Keep the chats here from now on, with those that were begun before."""
        self.keeper = self.answers.keeper = keeper
        for folder in self.folders:
            keeper.keep_folder(folder)
        for conversation in self.conversations:
            if not conversation.is_empty:
                self._sync(conversation)
                self._keep_all(conversation)
        self.start()

    async def shut_down(self) -> None:
        """Keep what is there; the window is closing."""
        await self.list.shut_down()
        await self.answers.shut_down()
        await self.keeper.flush()

    @property
    def is_busy(self) -> bool:
        """Whether the current conversation is being answered, or waits to be."""
        return self.answers.is_answering(self.current)

    def is_answering(self, conversation: Conversation) -> bool:
        """Whether a conversation is being answered, or waits to be."""
        return self.answers.is_answering(conversation)

    def set_default_sampling(self, sampling: SamplingParams) -> None:
        """Change how new chats begin; empty chats that were not touched begin so, too."""
        before = self._defaults[-1]
        self._defaults.append(sampling)
        for chat in self.conversations:
            if chat.is_empty and chat.sampling == before != sampling:
                chat.sampling = sampling
                if chat is self.current:
                    self.parameters_changed.emit()
                    self.parameters_replaced.emit()

    def set_default_prompt(self, prompt: str) -> None:
        """Change the system prompt of new chats; empty ones that were not touched get it, too."""
        before = self._prompts[-1]
        if prompt == before:
            return
        self._prompts.append(prompt)
        for chat in self.conversations:
            if chat.is_empty and chat.system_prompt == before:
                chat.system_prompt = prompt
                if chat is self.current:
                    self.parameters_changed.emit()
                    self.parameters_replaced.emit()

    def set_parameters(self, system_prompt: str, sampling: SamplingParams) -> None:
        """Answer the current chat in another way from now on, and show it."""
        self.edit_parameters(system_prompt, sampling)
        self.parameters_replaced.emit()

    def edit_parameters(self, system_prompt: str, sampling: SamplingParams) -> None:
        """Take what the user has edited."""
        self.current.change(system_prompt=system_prompt, sampling=sampling)
        self.parameters_changed.emit()

    def prompt(self) -> tuple[str, tuple[Message, ...]]:
        """Return the current chat's id, and what is shown of it as a model would read it."""
        return self.current.id, self.current.said()

    # --- chats ---

    def new_conversation(self) -> None:
        """Begin a new chat, or stay in the current one while it is still empty.

        It is answered like the current one, as far as the user has chosen that.
        """
        if self.current.is_empty:
            return
        empty = next((c for c in self.conversations if c.is_empty), None)
        if empty is None:
            prompt, sampling = self.current.system_prompt, self.current.sampling
            if sampling in self._defaults:  # it may be that of another model
                sampling = self._defaults[-1]
            if prompt in self._prompts:
                prompt = self._prompts[-1]
            empty = self.open(ChatInfo(system_prompt=prompt, sampling=sampling), ())
        self.select(empty)

    def open(self, info: ChatInfo, messages: Sequence[ChatMessage]) -> Conversation:
        """Take a chat that nobody knows yet, and keep it if anything was said in it."""
        made = Conversation(info, self._on_info_changed)
        made.take(messages)
        self.conversations.insert(0, made)
        if messages:
            self._keep_all(made)
        self.conversations_changed.emit()
        return made

    def select(self, conversation: Conversation) -> None:
        """Show another chat; its messages are read when it is first shown."""
        self.load(conversation)
        if conversation is not self.current:
            self.current = conversation
            self.current_changed.emit()
            self.busy_changed.emit()

    def load(self, conversation: Conversation) -> bool:
        """Read a chat's messages; returns whether they are here."""
        if conversation.is_loaded:
            return True
        try:
            messages = self.keeper.messages(conversation.id)
        except UnreadableChatError as error:
            conversation.problem = str(error)
            self.failed.emit(conversation.problem)
            return False
        for message in conversation.take(messages):
            self.keeper.keep_message(conversation.id, message)
        conversation.draft = self.keeper.draft(conversation.id)
        return True

    def resume(self, chat_id: str) -> None:
        """Show the chat that the last window was cut off in, unless one was begun meanwhile."""
        found = self.find(chat_id)
        if found is not None and self.current.is_empty:
            self.select(found)

    def find(self, chat_id: str) -> Conversation | None:
        """Return a chat by its id."""
        if chat_id == self.current.id:
            return self.current
        return next((c for c in self.conversations if c.id == chat_id), None)

    def show_message(self, chat_id: str, message_id: str | None, words: str = "") -> None:
        """Show a place that was searched for, in whichever version it stands, and mark words."""
        conversation = self.find(chat_id)
        if conversation is None:
            return
        self.select(conversation)
        if message_id is None or message_id not in conversation.tree:
            return
        if conversation.thread.row_of(message_id) is None:
            conversation.tree.choose(message_id)
            conversation.show()
        row = conversation.thread.row_of(message_id)
        if row is not None:
            self.message_wanted.emit(row, words)

    # --- messages ---

    def send(self, text: str, attachments: tuple[Attachment, ...] = ()) -> bool:
        """Say something in the current chat; it waits where the model is not ready.

        Returns whether the chat took it: one that cannot be read does not, nor one that is busy.
        """
        if not self._may_write() or not (text.strip() or attachments):
            if self.current.problem:
                self.failed.emit(self.current.problem)
            return False
        self._ask(self.current, text, attachments, self.current.tree.leaf)
        return True

    def send_later(self) -> None:
        """Have what is being written to the current chat sent once the shown answer is whole."""
        is_shown = self._is_shown_answered()
        self._set_draft_state(self.current, DraftState.WAITS if is_shown else DraftState.HELD_BACK)

    def hold_back(self) -> None:
        """Leave what is being written to the current chat a draft: the user has changed it."""
        self._set_draft_state(self.current, DraftState.WRITTEN)

    def regenerate(self, message_id: str | None = None) -> None:
        """Answer a question again; the old answer stays beside the new one.

        message_id: the answer, or the question; by default the last answer of the current chat.
        """
        tree = self.current.tree
        found = message_id or tree.leaf
        if found is None or not self._may_write():
            return
        message = tree.get(found)
        parent = message.id if message.role is Role.USER else message.parent
        if parent is not None:
            self._answer(self.current, parent)

    def edit(self, message_id: str, text: str) -> None:
        """Ask a question in other words, beside the old ones; or correct an answer's text."""
        message = self.current.tree.get(message_id)
        if not self._may_write() or not text.strip() or text == message.text:
            return
        if message.role is Role.USER:
            self._ask(self.current, text, message.attachments, message.parent)
        else:
            message = msgspec.structs.replace(message, text=text)
            self.current.replace(message)
            self.keeper.keep_message(self.current.id, message)
            self.current.change(updated=time.time())
            self._mark_unseen()  # the model sees a turn that is not the one that was left out

    def can_continue(self, message_id: str) -> bool:
        """Whether an answer of the current chat was broken off, and nothing follows it."""
        tree = self.current.tree
        if message_id not in tree or self.is_busy or not tree.is_leaf(message_id):
            return False
        message = tree.get(message_id)
        reason = message.result.stop_reason if message.result else None
        is_short = message.state in _BROKEN_OFF or reason is StopReason.LENGTH
        return message.role is Role.ASSISTANT and is_short and message.parent is not None

    def continue_answer(self, message_id: str | None = None) -> None:
        """Have the model go on with an answer, by default the last one."""
        found = message_id or self.current.tree.leaf
        if found is not None and self.can_continue(found):
            self.answers.ask(self.current, found)

    def choose_version(self, step: int, message_id: str | None = None) -> None:
        """Show the version before (-1) or after (1) one; by default of the last with versions."""
        conversation = self.current
        tree = conversation.tree
        if message_id is None:
            path = reversed(tree.path())
            message_id = next((m.id for m in path if len(tree.versions(m.id)) > 1), None)
        if message_id is None:
            return
        versions = tree.versions(message_id)
        place = versions.index(message_id) + step
        if 0 <= place < len(versions):
            tree.choose(versions[place])
            conversation.show()
            self.path_changed.emit()

    def delete_message(self, message_id: str) -> None:
        """Delete a message and all that follows it; it can be undone."""
        conversation = self.current
        if message_id not in conversation.tree:
            return
        if any(self.answers.writes(gone) for gone in conversation.tree.with_all_below(message_id)):
            self.answers.drop(conversation)
        cut = conversation.tree.delete(message_id)
        ids = [message.id for message in cut.messages]
        conversation.show()
        self.keeper.forget_messages(conversation.id, ids)

        def restore() -> None:
            conversation.restore(cut)
            self.keeper.restore_messages(conversation.id, ids)
            self.select(conversation)
            self.path_changed.emit()

        words = self.tr("Message deleted")
        if len(ids) > 1:
            words = self.tr("{0} messages deleted").format(len(ids))
        self.undo.offer(words, restore, conversation.id)
        self.path_changed.emit()

    def branch(self, message_id: str) -> None:
        """Go on from a message in a new chat, with a copy of all up to it."""
        source = self.current
        if message_id not in source.tree:
            return
        self._sync(source)
        copies = source.tree.branch(message_id)
        info = self._copy_of(source, self.tr("{0} (branch)"), copies[-1].id)
        self.select(self.open(info, copies))

    def duplicate(self, conversation: Conversation) -> None:
        """Make a second chat with copies of all messages and versions."""
        if not self.load(conversation):
            return
        self._sync(conversation)
        copies, leaf = conversation.tree.copy()
        self.open(self._copy_of(conversation, self.tr("{0} (copy)"), leaf), copies)

    def stop(self) -> None:
        """Stop the answer in the current chat; what is there stays."""
        self.answers.stop(self.current)

    def _mark_unseen(self) -> None:
        is_cut = self._options.of(self.current.id).cut is not None
        cut = self._context.cut(*self.prompt()) if is_cut else None
        turns, summary = (cut.turns, cut.summary) if cut else (0, "")
        self.current.thread.set_unseen(turns, is_summed_up=bool(summary))

    def _may_write(self) -> bool:
        return self.current.is_loaded and not self.is_busy

    def _ask(
        self,
        conversation: Conversation,
        text: str,
        attachments: tuple[Attachment, ...],
        parent: str | None,
    ) -> None:
        question = ChatMessage(parent=parent, role=Role.USER, text=text, attachments=attachments)
        title = conversation.title or first_words(text) or attachments[0].name
        self.keeper.keep_chat(conversation.info)
        conversation.add(question)
        self.keeper.keep_message(conversation.id, question)
        conversation.change(title=title, updated=time.time())
        self._answer(conversation, question.id)

    def _answer(self, conversation: Conversation, parent: str) -> None:
        answer = ChatMessage(parent=parent, role=Role.ASSISTANT, state=MessageState.WAITING)
        conversation.add(answer)
        self.answers.ask(conversation, answer.id)
        if conversation is self.current:
            self.path_changed.emit()

    def _sync(self, conversation: Conversation) -> None:
        """Bring the text of an answer that is being written into the tree."""
        for message in conversation.tree:
            conversation.now(message.id)

    def _copy_of(self, source: Conversation, words: str, leaf: str | None) -> ChatInfo:
        return ChatInfo(
            title=words.format(source.title),
            is_titled=source.info.is_titled,
            folder=source.info.folder,
            system_prompt=source.system_prompt,
            sampling=source.sampling,
            model=source.info.model,
            leaf=leaf,
            options=source.info.options,
        )

    def _keep_all(self, conversation: Conversation) -> None:
        self.keeper.keep_chat(conversation.info)
        for message in conversation.tree:
            self.keeper.keep_message(conversation.id, message)

    def _on_info_changed(self, conversation: Conversation, before: ChatInfo) -> None:
        if conversation in self.conversations and not conversation.is_empty:
            self.keeper.keep_chat(conversation.info)
        if _listed(conversation.info) != _listed(before):
            self.conversations_changed.emit()

    def _is_shown_answered(self) -> bool:
        """Return whether the answer that is being written is the one that the chat shows."""
        leaf = self.current.tree.leaf
        return leaf is not None and self.answers.writes(leaf)

    def _set_draft_state(self, conversation: Conversation, state: DraftState) -> None:
        if conversation.draft_state is not state:
            conversation.draft_state = state
            if conversation is self.current:
                self.draft_state_changed.emit()

    def _on_path_changed(self) -> None:
        if self.current.draft_state is DraftState.WAITS and not self._is_shown_answered():
            self._set_draft_state(self.current, DraftState.HELD_BACK)

    def _on_answer_ended(self, answer: Answer) -> None:
        """Send what waited for this answer, if it is whole and the chat still shows it."""
        conversation = answer.conversation
        if conversation.draft_state is not DraftState.WAITS:
            return
        tree = conversation.tree
        is_whole = tree.get(answer.message_id).state is MessageState.DONE
        if not is_whole or tree.leaf != answer.message_id:
            self._set_draft_state(conversation, DraftState.HELD_BACK)
            return
        self._set_draft_state(conversation, DraftState.WRITTEN)
        if conversation is self.current:
            self.draft_due.emit()
        else:
            text, attachments = conversation.draft
            conversation.draft = ("", ())
            self._ask(conversation, text.strip(), attachments, answer.message_id)
            self.draft_sent.emit(conversation)

    def _on_answers_changed(self, _conversation: object) -> None:
        self.busy_changed.emit()
        self.conversations_changed.emit()


def _listed(info: ChatInfo) -> tuple[object, ...]:
    """Return what the list of chats shows of one."""
    return info.title, info.folder, info.is_pinned, info.updated, info.leaf
