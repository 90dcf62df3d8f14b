"""The keys of the window: those that can be changed, and those that a field or list decides."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from phidesk.viewmodels.chat import ChatViewModel

if TYPE_CHECKING:
    from phidesk.ui.main_window import MainWindow


def add_window_actions(window: "MainWindow", chat: ChatViewModel) -> None:
    """Give the window's actions their keys."""
    talk, view, other = window.tr("Chat"), window.tr("View"), window.tr("Window")
    edit_last = window.chat_pane.actions_offered.edit_last_question
    composer = window.chat_pane.composer
    rows: list[tuple[str, str, str, str, Callable[[], object]]] = [
        ("chat.new", talk, window.tr("New chat"), "Ctrl+N", chat.new_conversation),
        ("chat.search", talk, window.tr("Search all chats"), "Ctrl+K", window.search_chats),
        ("chat.stop", talk, window.tr("Stop the answer"), "Esc", chat.stop),
        ("chat.regenerate", talk, window.tr("Answer again"), "Ctrl+R", chat.regenerate),
        ("chat.continue", talk, window.tr("Continue"), "Ctrl+G", chat.continue_answer),
        ("chat.edit", talk, window.tr("Edit the last question"), "Ctrl+E", edit_last),
        (
            "chat.before",
            talk,
            window.tr("Version before"),
            "Alt+Left",
            lambda: chat.choose_version(-1),
        ),
        (
            "chat.after",
            talk,
            window.tr("Version after"),
            "Alt+Right",
            lambda: chat.choose_version(1),
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


def fixed_keys(where: QObject) -> list[tuple[str, str, str]]:
    """Return section, words and keys of what cannot be changed."""
    field, thread = where.tr("Message field"), where.tr("Thread")
    chats, library = where.tr("Chat list"), where.tr("Library")
    return [
        (field, where.tr("Send"), "Return"),
        (field, where.tr("New line"), "Shift+Return"),
        (field, where.tr("Prompt library, in an empty field"), "/"),
        (thread, where.tr("Find in the chat"), "Ctrl+F"),
        (thread, where.tr("Next place, place before"), "F3, Shift+F3"),
        (thread, where.tr("Message before, message after"), "Ctrl+Up, Ctrl+Down"),
        (thread, where.tr("Copy"), "Ctrl+C"),
        (thread, where.tr("Copy as Markdown"), "Ctrl+Shift+C"),
        (thread, where.tr("Select all"), "Ctrl+A"),
        (chats, where.tr("Rename"), "F2"),
        (chats, where.tr("Delete"), "Ctrl+Del"),
        (library, where.tr("Search"), "Ctrl+F"),
        (library, where.tr("Load"), "Return"),
        (library, where.tr("Rename"), "F2"),
        (library, where.tr("Move to the trash"), "Del"),
    ]
