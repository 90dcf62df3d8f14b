"""What can be done with the messages of the current chat."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from phidesk.core.chat import Role
from phidesk.ui.thread.offers import Act, KeysOf, no_keys
from phidesk.viewmodels.chat import ChatViewModel


class MessageActions(QObject):
    """Says what is possible just now, and does it."""

    def __init__(self, chat: ChatViewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._chat = chat
        self.keys_of: KeysOf = no_keys
        self.keep_keys: Callable[[], str] = lambda: ""
        """those that take an edited text over, as people write them"""

    def offers(self, message_id: str) -> Sequence[Act]:
        """Return what can be done with a message; little while its chat is being answered."""
        tree = self._chat.current.tree
        if message_id not in tree:
            return ()
        found = [Act.COPY]
        if not self._chat.is_busy:
            found += [Act.EDIT, Act.REGENERATE]
        if self._chat.can_continue(message_id):
            found.append(Act.CONTINUE)
        found += [Act.BRANCH, Act.DELETE]
        versions = tree.versions(message_id)
        if message_id != versions[0]:
            found.append(Act.PREVIOUS)
        if message_id != versions[-1]:
            found.append(Act.NEXT)
        return found

    def do(self, message_id: str, act: str) -> None:
        """Do what was asked for."""
        chat = self._chat
        match Act(act):
            case Act.COPY:
                row = chat.current.thread.row_of(message_id)
                if row is not None:
                    QGuiApplication.clipboard().setText(chat.current.thread.entry(row).text)
            case Act.EDIT:
                self.edit(message_id)
            case Act.REGENERATE:
                chat.regenerate(message_id)
            case Act.CONTINUE:
                chat.continue_answer(message_id)
            case Act.BRANCH:
                chat.branch(message_id)
            case Act.DELETE:
                chat.delete_message(message_id)
            case Act.PREVIOUS:
                chat.choose_version(-1, message_id)
            case Act.NEXT:
                chat.choose_version(1, message_id)

    def edit_last_question(self) -> None:
        """Let the last question be asked in other words."""
        path = self._chat.current.tree.path()
        found = next((m.id for m in reversed(path) if m.role is Role.USER), None)
        if found is not None:
            self.edit(found)

    def edit(self, message_id: str) -> None:
        """Let a message be written anew."""
        from phidesk.ui.chats.edit_dialog import EditDialog

        chat, conversation = self._chat, self._chat.current
        if message_id not in conversation.tree or chat.is_busy:
            return
        message = conversation.tree.get(message_id)
        is_question = message.role is Role.USER
        dialog = EditDialog(
            message.text, is_question=is_question, parent=self._window,
            back=self.keys_of(Act.PREVIOUS), keep=self.keep_keys(),
        )  # fmt: skip

        def take(result: int) -> None:
            dialog.deleteLater()
            agreed = result == QDialog.DialogCode.Accepted
            if agreed and chat.current is conversation and message_id in conversation.tree:
                chat.edit(message_id, dialog.text)

        dialog.finished.connect(take)
        dialog.open()
