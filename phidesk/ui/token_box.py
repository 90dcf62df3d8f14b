"""A number of tokens that is typed."""

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QSpinBox

from phidesk.core.serving import MIN_CONTEXT
from phidesk.ui.widgets import indent


class TokenBox(QSpinBox):
    """0 is automatic; what is typed beyond the limits counts as, and becomes, the nearest limit.

    A spin box alone would not let the digits in that lead beyond its range: 9000000 became 900.
    """

    def __init__(self) -> None:
        super().__init__()
        indent(self)
        self.setSingleStep(1024)
        self.setSpecialValueText(self.tr("automatic"))
        self.setSuffix(self.tr(" tokens"))
        self.setGroupSeparatorShown(True)

    def show_tokens(self, tokens: int, longest: int) -> None:
        """Show a number; longest: the highest that makes sense."""
        self.setRange(0, longest)
        shown = self._within(tokens)
        if self.value() != shown:  # else what is being typed would be rewritten
            self.setValue(shown)
        hint = self.tr("From {0} to {1} tokens, or 0: phidesk chooses.")
        self.setToolTip(hint.format(f"{self._least():,}", f"{longest:,}"))

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Let every number in."""
        if self._number(text) is None:
            return super().validate(text, place)
        return QValidator.State.Acceptable, text, place

    def valueFromText(self, text: str) -> int:  # noqa: N802
        """Return what will be loaded."""
        number = self._number(text)
        return super().valueFromText(text) if number is None else self._within(number)

    def _number(self, text: str) -> int | None:
        digits = text.removesuffix(self.suffix()).replace(self.locale().groupSeparator(), "")
        digits = digits.strip()
        return int(digits) if digits.isascii() and digits.isdigit() else None

    def _within(self, tokens: int) -> int:
        return min(max(tokens, self._least()), self.maximum()) if tokens else 0

    def _least(self) -> int:
        return min(MIN_CONTEXT, self.maximum())
