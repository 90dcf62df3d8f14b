"""The keys of the window: those that can be changed, and those that a field or list decides."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from phidesk.ui.local_keys import LocalKeys
from phidesk.ui.shortcuts import EDIT, Shortcuts
from phidesk.viewmodels.chat import ChatViewModel

if TYPE_CHECKING:
    from phidesk.ui.chat_pane import ChatPane
    from phidesk.ui.chats.side import ChatSide
    from phidesk.ui.main_window import MainWindow
    from phidesk.ui.models_pane import ModelsPane
    from phidesk.ui.rail import Rail
    from phidesk.ui.thread.view import ThreadView

CHAT, LIBRARY, LOG = "chat", "library", "log"
FIELD, THREAD = "chat.field", "chat.thread"
LIST, FIND = "chat.list", "chat.thread.find"


def add_window_actions(window: "MainWindow", chat: ChatViewModel) -> None:
    """Give the window's actions their keys."""
    talk, view, other = window.tr("Chat"), window.tr("View"), window.tr("Window")
    edit_last = window.chat_pane.actions_offered.edit_last_question
    composer = window.chat_pane.composer
    rows: list[tuple[str, str, str, str, Callable[[], object]]] = [
        ("chat.new", talk, window.tr("New chat"), "Ctrl+N", chat.new_conversation),
        ("chat.search", talk, window.tr("Search all chats"), "Ctrl+K", window.search_chats),
        ("chat.stop", talk, window.tr("Stop the answer"), "Esc", window.chat_pane.stop),
        ("chat.regenerate", talk, window.tr("Answer again"), "Ctrl+R", chat.regenerate),
        ("chat.continue", talk, window.tr("Continue"), "Ctrl+G", chat.continue_answer),
        ("chat.edit", talk, window.tr("Edit the last question"), "Ctrl+E", edit_last),
        (
            "chat.before",
            talk,
            window.tr("Version before"),
            "Alt+Left",
            lambda: chat.choose_version(-1, window.chat_pane.focused_message),
        ),
        (
            "chat.after",
            talk,
            window.tr("Version after"),
            "Alt+Right",
            lambda: chat.choose_version(1, window.chat_pane.focused_message),
        ),
        ("chat.undo", talk, window.tr("Undo a delete"), "Ctrl+Alt+Z", chat.undo.undo),
        ("chat.attach", talk, window.tr("Attach files"), "Ctrl+U", composer.ask_files),
        ("chat.prompts", talk, window.tr("Prompts"), "Ctrl+Shift+P", composer.show_prompts),
        ("view.chat", view, window.tr("Chat"), "Ctrl+1", window.show_chat),
        ("view.models", view, window.tr("Models"), "Ctrl+2", window.show_models),
        ("view.quantize", view, window.tr("Quantize"), "Ctrl+3", window.show_quantize),
        ("view.log", view, window.tr("Log"), "Ctrl+4", window.show_log),
        ("view.get", view, window.tr("Get models"), "Ctrl+5", window.show_get_models),
        ("view.statistics", view, window.tr("Statistics"), "Ctrl+6", window.show_statistics),
        ("view.chats", view, window.tr("List of chats"), "Ctrl+B", window.toggle_side),
        ("view.panel", view, window.tr("Side panel"), "Ctrl+Alt+B", window.toggle_panel),
        (
            "window.keys",
            other,
            window.tr("Keyboard shortcuts"),
            "Ctrl+/",
            window.dialogs.show_shortcuts,
        ),
        (
            "window.settings",
            other,
            window.tr("Settings"),
            "Ctrl+,",
            window.settings_dialogs.show_settings,
        ),
        ("window.quit", other, window.tr("Quit"), "Ctrl+Q", window.close),
    ]
    for name, section, words, keys, act in rows:
        window.shortcuts.add(name, section, words, keys, act, window)

    _declare_local(window)
    if lost := window.shortcuts.settle():
        words = window.tr(
            "Keys that you chose cannot be used as before. Look at those of “{0}” in the list of "
            "keyboard shortcuts."
        )
        window.banner.show_warning(words.format("”, “".join(action.words for action in lost)))
    pane = window.chat_pane
    LocalKeys(window.shortcuts, FIELD, pane.composer.input)
    pane.side_made.connect(lambda side: _attach_side(window, side))
    pane.thread_view_made.connect(lambda view: _attach_thread(window.shortcuts, view))


def name_keys(shortcuts: Shortcuts, pane: "ChatPane", rail: "Rail") -> None:
    """Let tool tips name the keys that actions have."""
    composer, follow = pane.composer, shortcuts.follow
    follow("chat.attach", composer.attach.accessibleName(), composer.attach.rename)
    follow("chat.prompts", composer.prompts.accessibleName(), composer.prompts.rename)
    follow("field.send", composer.send_words, composer.set_send_words)
    follow("chat.stop", composer.stop_words, composer.set_stop_words)
    follow("chat.undo", pane.undo_bar.button.text(), pane.undo_bar.button.setToolTip)
    views = ("view.chat", "view.models", "view.quantize", "view.log", "view.get", "view.statistics")
    for button, view in zip(rail.buttons, views, strict=True):
        follow(view, button.accessibleName(), button.setToolTip)
    follow("window.settings", rail.settings.accessibleName(), rail.settings.setToolTip)


def _declare_local(window: "MainWindow") -> None:
    """List what a field or list does with keys while it has the focus."""
    chat, field, thread = window.tr("Chat"), window.tr("Message field"), window.tr("Thread")
    library, log = window.tr("Library"), window.tr("Log")
    find, edit, chats = window.tr("Find bar"), window.tr("Edit message"), window.tr("List of chats")
    rows = [
        ("chats.rename", chat, window.tr("Rename the chat"), "F2", CHAT),
        # What deletes a word in a text field stays free.
        ("chats.delete", chat, window.tr("Delete the chat"), "Ctrl+Shift+Del", CHAT),
        ("field.send", field, window.tr("Send"), "Return", FIELD),
        ("field.line", field, window.tr("New line"), "Shift+Return", FIELD),
        ("thread.find", thread, window.tr("Find in the chat"), "Ctrl+F", THREAD),
        ("thread.next", thread, window.tr("Next place"), "F3", THREAD),
        ("thread.previous", thread, window.tr("Place before"), "Shift+F3", THREAD),
        ("thread.up", thread, window.tr("Message before"), "Ctrl+Up", THREAD),
        ("thread.down", thread, window.tr("Message after"), "Ctrl+Down", THREAD),
        ("thread.markdown", thread, window.tr("Copy as Markdown"), "Ctrl+Shift+C", THREAD),
        ("find.next", find, window.tr("Next place"), "Return", FIND),
        ("find.previous", find, window.tr("Place before"), "Shift+Return", FIND),
        ("edit.keep", edit, window.tr("Keep the changes"), "Ctrl+Return", EDIT),
        ("chats.close", chats, window.tr("Close a folder"), "Left", LIST),
        ("chats.open", chats, window.tr("Open a folder"), "Right", LIST),
        ("chats.fold", chats, window.tr("Open or close a folder"), "Space", LIST),
        ("library.search", library, window.tr("Search"), "Ctrl+F", LIBRARY),
        ("library.load", library, window.tr("Load"), "Return", LIBRARY),
        ("library.rename", library, window.tr("Rename"), "F2", LIBRARY),
        ("library.trash", library, window.tr("Move to the trash"), "Del", LIBRARY),
        ("log.find", log, window.tr("Find"), "Ctrl+F", LOG),
    ]
    for row in rows:
        window.shortcuts.declare(*row)


def _attach_side(window: "MainWindow", side: "ChatSide") -> None:
    shortcuts, pane = window.shortcuts, window.chat_pane

    def rename() -> None:
        if not side.can_rename:
            return
        was_hidden = pane.side_frame.isHidden()
        pane.side_frame.show()
        side.rename()
        if was_hidden:
            once = Qt.ConnectionType.SingleShotConnection
            side.list.rename_ended.connect(pane.side_frame.hide, once)

    for name, act in (("chats.rename", rename), ("chats.delete", side.list.delete)):
        shortcut = QShortcut(pane)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)
        shortcuts.attach(name, shortcut)
    LocalKeys(shortcuts, LIST, side.list)
    side.list.actions_offered.keys_of = shortcuts.keys_of
    shortcuts.follow("chat.search", side.field.accessibleName(), side.field.setToolTip)
    shortcuts.follow("chat.new", side.new.text(), side.new.setToolTip)


def _attach_thread(shortcuts: Shortcuts, view: "ThreadView") -> None:
    LocalKeys(shortcuts, THREAD, view)
    bar = view.find_bar
    LocalKeys(shortcuts, FIND, bar.field)
    shortcuts.follow("find.previous", bar.back.accessibleName(), bar.back.setToolTip)
    shortcuts.follow("find.next", bar.on.accessibleName(), bar.on.setToolTip)
    for name, shortcut in view.find_keys.items():
        shortcuts.attach(f"thread.{name}", shortcut)
    view.markdown_keys = lambda: QKeySequence(shortcuts.keys_of("thread.markdown"))


def attach_models(shortcuts: Shortcuts, pane: "ModelsPane") -> None:
    """Let the library answer the keys that the user chose."""
    LocalKeys(shortcuts, LIBRARY, pane.table)
    pane.actions_of_model.keys_of = shortcuts.keys_of
    search = pane.filters.search
    shortcuts.follow("library.search", search.toolTip(), search.setToolTip)
    shortcuts.attach("library.search", pane.find_keys)


def fixed_keys(where: QObject) -> list[tuple[str, str, str]]:
    """Return section, words and keys of what cannot be changed: what is so everywhere."""
    field, thread = where.tr("Message field"), where.tr("Thread")
    return [
        (field, where.tr("Prompt library, in an empty field"), "/"),
        (thread, where.tr("Copy"), "Ctrl+C"),
        (thread, where.tr("Select all"), "Ctrl+A"),
    ]


def own_keys(where: QObject) -> list[tuple[str, str, str]]:
    """Return section, words and keys of what cannot be changed: Esc closes everywhere."""
    find, edit = where.tr("Find bar"), where.tr("Edit message")
    return [
        (find, where.tr("Close"), "Esc"),
        (edit, where.tr("Close, the second time without the changes"), "Esc"),
    ]
