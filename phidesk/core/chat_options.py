"""What a chat remembers beside its messages."""

import msgspec

from phidesk.core.context import Cut, Overflow


class ChatOptions(msgspec.Struct, frozen=True, kw_only=True):
    """overflow: None for what the settings say. cut: what the model no longer sees of the chat.

    json_schema: the form of its answers, "" for none. preset: the name of the one that was chosen
    last.
    """

    overflow: Overflow | None = None
    cut: Cut | None = None
    json_schema: str = ""
    preset: str = ""
