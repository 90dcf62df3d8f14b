"""One message: its text as far as it has come, made into blocks and laid out."""

import time
from typing import NamedTuple

from phidesk.core.chat import Role
from phidesk.core.conversation import MessageState
from phidesk.core.json_answers import is_json
from phidesk.ui.thread.blocks import LINE_BREAK, Block, Kind, Span, by_direction, split_long
from phidesk.ui.thread.layout import MessageLayout
from phidesk.ui.thread.markdown import references
from phidesk.ui.thread.stream import MarkdownStream, without_heaps
from phidesk.ui.thread.thought_blocks import Thoughts
from phidesk.ui.thread.thoughts import Parts, split
from phidesk.ui.thread.typesetter import Typesetter
from phidesk.ui.thread.wording import Wording

_LONG_TEXT = 2000
"""Characters of a user's message that are laid out together."""
LONG_QUESTION, LONG_ANSWER = 20_000, 200_000
"""Characters of a message that are shown before somebody asks for all of it."""


_JSON_FENCE = f"{'`' * 12}json\n"
"""It needs no end, and nothing that is JSON so far can end it."""


class Source(NamedTuple):
    """What the model says of a message."""

    speaker: Role
    text: str
    state: MessageState
    note: str
    error: str
    divider: str = ""
    """A line above the message, about those before it."""
    is_under_schema: bool = False

    @property
    def is_open(self) -> bool:
        """Whether more text may come."""
        return self.state in (MessageState.WAITING, MessageState.STREAMING)


class Message:
    """Keeps the layout of one row up to date with what the model says."""

    def __init__(
        self, typesetter: Typesetter, width: int, source: Source, wording: Wording | None = None
    ) -> None:
        self.source = source
        self.layout = MessageLayout(typesetter, width, is_bubble=source.speaker is Role.USER)
        self._wording = wording or Wording()
        self._stream = MarkdownStream()
        self._fed = ""
        self._is_final = False
        self._shown: MarkdownStream | None = None
        self._stable = 0
        self.limit = first_limit(source.speaker)
        """characters of the text that are shown"""
        self._parts = Parts(None, "")
        self._thoughts = Thoughts()
        self._changed: int | None = None
        """The first height that update() has changed and advance() has not told."""
        self.update(source)

    @property
    def is_behind(self) -> bool:
        """Whether advance() has something to do."""
        return self._is_markdown and (
            self._stream.is_behind
            or self._thoughts.is_behind
            or not (self.source.is_open or self._is_final)
        )

    @property
    def hidden_text(self) -> str:
        """The end of a very long text, which is not shown."""
        return self.source.text[self.limit :]

    def press(self, kind: Kind) -> None:
        """Do what a line does that is a button; update() and advance() show it."""
        if kind is Kind.MORE:
            self.limit = len(self.source.text)
        elif kind is Kind.THOUGHT:
            self._thoughts.is_shown = not self._thoughts.is_shown

    @property
    def hides_thoughts(self) -> bool:
        """Whether there are thoughts, and they are folded."""
        return bool(self._parts.thought) and not self._thoughts.is_shown

    def show_thoughts(self) -> None:
        """Unfold the thoughts; advance() shows them."""
        if self.hides_thoughts:
            self._thoughts.is_shown = True
            self.update(self.source)

    def update(self, source: Source) -> None:
        """Take what is new; advance() shows it."""
        self.source = source
        text = source.text[: self.limit]
        if not self._is_markdown:
            self._changed = self._show(_plain_blocks(text), 0)
            return
        self._parts = split(text)
        self._thoughts.update(self._parts, is_open=source.is_open)
        answer = self._parts.answer
        is_begun = source.is_under_schema and bool(answer.strip())
        if is_begun or is_json(answer, is_open=source.is_open):
            answer = _JSON_FENCE + answer.strip("\n")
        if self._is_final and answer == self._fed and not source.is_open:
            self._show(self._stream.blocks, 0)  # only what stands around it has changed
            return
        if self._is_final or not answer.startswith(self._fed):
            self._restart()
        self._stream.append(answer[len(self._fed) :])
        self._fed = answer

    def advance(self, budget_s: float) -> int | None:
        """Render for about the given time; return the first height that changed."""
        if not self._is_markdown:
            changed, self._changed = self._changed, None
            return changed
        end = time.perf_counter() + budget_s
        self._thoughts.advance(end)
        stream = self._stream
        while stream.is_behind and time.perf_counter() < end:
            stream.advance()
        if not stream.is_behind and not self.source.is_open:
            self._conclude()
        if self._shown is not None and self._shown is not self._stream and self.is_behind:
            return None  # what is on screen stays until the new rendering is complete
        stable = self._stable if self._shown is self._stream else 0
        return self._show(self._stream.blocks, stable)

    def render_all(self) -> None:
        """Render what is left at once."""
        while self.is_behind:
            self.advance(1.0)

    @property
    def _is_markdown(self) -> bool:
        return self.source.speaker is Role.ASSISTANT

    def _restart(self) -> None:
        self._fed, self._is_final = "", False
        self._stream = MarkdownStream()

    def _conclude(self) -> None:
        """End the stream, or begin again where links are defined after their use."""
        definitions = references(self._fed)
        if definitions and definitions != self._stream.references:
            self._stream = MarkdownStream(definitions)
            self._stream.append(self._fed)
            return
        self._stream.finish()
        self._is_final = True

    def _show(self, blocks: list[Block], stable: int) -> int:
        above = self._above()
        below = self._below(bool(blocks or above))
        if self.source.divider:
            above.insert(0, Block(Kind.DIVIDER, (Span(self.source.divider),)))
        self.layout.body = len(above)
        changed = self.layout.set_blocks([*above, *blocks, *below], 0 if above else stable)
        self._shown, self._stable = self._stream, min(self._stream.committed, len(blocks))
        return changed

    def _above(self) -> list[Block]:
        """Return what stands above the answer: the thoughts, folded or not."""
        parts, thoughts = self._parts, self._thoughts
        if parts.thought is None or not (thoughts.words or parts.is_thinking):
            return []
        line = self._wording.thought(
            thoughts.words,
            thoughts.seconds,
            is_thinking=parts.is_thinking and self.source.is_open,
            is_shown=thoughts.is_shown,
        )
        return [Block(Kind.THOUGHT, (Span(line),)), *thoughts.blocks()]

    def _below(self, has_text: bool) -> list[Block]:
        """Return what stands under the text."""
        source = self.source
        blocks = []
        if len(source.text) > self.limit:
            line = self._wording.more(len(source.text))
            blocks.append(Block(Kind.MORE, (Span(line),)))
        if source.is_open and not has_text:
            blocks.append(Block(Kind.DOTS))
        if source.error:
            blocks.append(Block(Kind.ERROR, (Span(source.error),)))
        if source.note:
            blocks.append(Block(Kind.NOTE, (Span(source.note),)))
        return blocks


def first_limit(speaker: Role) -> int:
    """Return how many characters of a message are shown at first."""
    return LONG_QUESTION if speaker is Role.USER else LONG_ANSWER


def _plain_blocks(text: str) -> list[Block]:
    lines = without_heaps(text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    return [
        Block(
            Kind.PARAGRAPH,
            (Span(part.removesuffix("\n").replace("\n", LINE_BREAK)),),
            first=index == 0,
        )
        for index, part in enumerate(
            part for long in split_long(lines, _LONG_TEXT) for part in by_direction(long)
        )
    ]
