"""Remembers which chat is shown, for a window that is not closed but cut off."""

import contextlib
from pathlib import Path

from phidesk.core.paths import profile_key, state_dir


def keep_shown_chat(chat_id: str) -> None:
    """Remember a chat's id; where that fails, the next window begins with a new chat."""
    path = _path()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(chat_id, encoding="utf-8")


def shown_chat() -> str:
    """Return the id of the chat that was shown last, "" where it is not known."""
    try:
        return _path().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _path() -> Path:
    return state_dir() / f"shown-{profile_key()}.txt"  # each profile has its own
