"""The words that the thread shows besides the messages themselves."""

from PySide6.QtCore import QObject

from phidesk.core.chat import GenerationResult, StopReason
from phidesk.core.conversation import Attachment, MessageState
from phidesk.ui.language import counted
from phidesk.viewmodels.words import in_words


class Wording(QObject):
    """Says what an answer took and how it ended."""

    def note(self, state: MessageState, result: GenerationResult | None) -> str:
        """Return the line under an answer, empty while it is not finished."""
        if state in (MessageState.WAITING, MessageState.STREAMING):
            return ""
        parts = []
        if result is not None:
            if result.tokens_per_second is not None:
                parts.append(self.tr("{0} tok/s").format(f"{result.tokens_per_second:.1f}"))
            count = result.completion_tokens
            parts.append(self.tr("{0} tokens", None, counted(count)).format(count))
            if result.ttft_s is not None:
                parts.append(self.tr("{0} s to first token").format(f"{result.ttft_s:.2f}"))
            if result.acceptance is not None:
                parts.append(self.tr("accepted {0} %").format(f"{100 * result.acceptance:.0f}"))
        ending = self._ending(state, result.stop_reason if result else None)
        if ending:
            parts.append(ending)
        return " · ".join(parts)

    def question_note(self, attachments: tuple[Attachment, ...]) -> str:
        """Return the line under a question: what was attached to it."""
        parts = []
        for attachment in attachments:
            if attachment.tokens is None:
                parts.append(f"📎 {attachment.name}")
            else:
                words = self.tr("📎 {0} ({1} tokens)", None, counted(attachment.tokens))
                parts.append(words.format(attachment.name, f"{attachment.tokens:,}"))
        return " · ".join(parts)

    def unseen(self) -> str:
        """Return what is said of messages that no longer fit the context."""
        return self.tr("no longer seen by the model")

    def divider(self, is_summed_up: bool | None) -> str:
        """Return the line above the first message that the model sees, empty for all others."""
        if is_summed_up is None:
            return ""
        if is_summed_up:
            return self.tr("The model sees a summary of what is above")
        return self.tr("The model no longer sees what is above")

    def hint(self, result: GenerationResult | None) -> str:
        """Return what the line under an answer has no room for, as its tool tip."""
        if result is None:
            return ""
        sent, cached = result.prompt_tokens, result.cached_tokens
        parts = [self.tr("{0} tokens of prompt", None, counted(sent)).format(f"{sent:,}")]
        if cached:
            parts.append(
                self.tr("{0} tokens from cache", None, counted(cached)).format(f"{cached:,}")
            )
        if result.acceptance is not None:
            words = self.tr("{0} % of the guessed tokens were kept")
            parts.append(words.format(f"{100 * result.acceptance:.0f}"))
        return " · ".join(parts)

    def failure(self, state: MessageState, error: str) -> str:
        """Return what is said of an answer that failed, empty where none did."""
        if state is not MessageState.FAILED:
            return ""
        return in_words(error) or self.tr("The answer failed.")

    def thought(
        self, words: int, seconds: float | None, *, is_thinking: bool, is_shown: bool
    ) -> str:
        """Return the line that stands for a model's thoughts."""
        count = self.tr("{0} words", None, counted(words)).format(f"{words:,}")
        if is_thinking:
            said = self.tr("Thinking…")
        elif seconds is not None:
            said = self.tr("Thought for {0} s").format(f"{seconds:.1f}")
        else:
            said = self.tr("Thoughts")
        return f"{said} · {count} {'▾' if is_shown else '▸'}"

    def more(self, characters: int) -> str:
        """Return the line under a text of which only the beginning is shown."""
        return self.tr("Show all {0} characters").format(f"{characters:,}")

    def _ending(self, state: MessageState, reason: StopReason | None) -> str:
        if state is MessageState.STOPPED:
            return self.tr("stopped")
        if state is MessageState.INTERRUPTED:
            return self.tr("interrupted")
        match reason:
            case StopReason.END:
                return self.tr("finished")
            case StopReason.LENGTH:
                return self.tr("length limit reached")
            case StopReason.STOP_STRING:
                return self.tr("stop text reached")
            case None:
                return ""
