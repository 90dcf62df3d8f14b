"""What is to be saved next: of each chat, message and folder only the newest."""

from dataclasses import dataclass, field, fields

from phidesk.core.conversation import Attachment, ChatInfo, ChatMessage, Folder


@dataclass
class Changes:
    """What to write, by id; the order in which the user made the changes does not matter.

    messages: each with its chat's id. folders: None for one that is deleted.
    gone_chats, gone_messages: True for what is deleted, False for what is back again. drafts,
    draft_files: what is written to each chat and not yet sent; apart, for files can be long.
    """

    folders: dict[str, Folder | None] = field(default_factory=dict)
    chats: dict[str, ChatInfo] = field(default_factory=dict)
    messages: dict[str, tuple[str, ChatMessage]] = field(default_factory=dict)
    gone_chats: dict[str, bool] = field(default_factory=dict)
    gone_messages: dict[str, bool] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    draft_files: dict[str, tuple[Attachment, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(len(getattr(self, part.name)) for part in fields(self))

    def update(self, newer: "Changes") -> None:
        """Put newer changes in the place of those to the same."""
        for part in fields(self):
            getattr(self, part.name).update(getattr(newer, part.name))
