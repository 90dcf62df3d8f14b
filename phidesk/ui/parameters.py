"""System prompt and sampling of the current chat."""

from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.chat import SamplingParams
from phidesk.ui.theme import SPACE_M, SPACE_S, scaled
from phidesk.ui.widgets import indent, label
from phidesk.viewmodels.chat import ChatViewModel

_MAX_TOKENS = 1_000_000
_FIELD_WIDTH = 96


class ParametersForm(QWidget):
    """Edits the current conversation's system prompt and SamplingParams as one types."""

    def __init__(self, chat: ChatViewModel) -> None:
        super().__init__()
        self._chat = chat
        self._showing = False
        self._system = QPlainTextEdit()
        self._system.setAccessibleName(self.tr("System prompt"))
        self._system.setPlaceholderText(self.tr("The model's own"))
        self._system.setTabChangesFocus(True)
        self._system.setFixedHeight(scaled(72))
        self._temperature = _decimal(0.0, 5.0, 0.1)
        self._top_p = _decimal(0.0, 1.0, 0.05)
        self._top_k = _whole(0, 1000, self.tr("off"))
        self._min_p = _decimal(0.0, 1.0, 0.01)
        self._repetition = _decimal(0.01, 10.0, 0.05)
        self._max_tokens = _whole(0, _MAX_TOKENS, self.tr("no limit"))
        self._seed = _whole(-1, 2**31 - 1, self.tr("random"))
        self._stop = QLineEdit()
        self._stop.setPlaceholderText(self.tr("one | another"))
        rows = (
            (self.tr("Temperature"), self._temperature, self.tr(
                "Lower is more predictable, 0 always takes the likeliest token; "
                "higher is more varied.")),
            (self.tr("Top-p"), self._top_p, self.tr(
                "Keeps the likeliest tokens that together reach this probability; 1 keeps all.")),
            (self.tr("Top-k"), self._top_k, self.tr(
                "Keeps this many of the likeliest tokens; 0 keeps all.")),
            (self.tr("Min-p"), self._min_p, self.tr(
                "Drops tokens less likely than this share of the likeliest; 0 keeps all.")),
            (self.tr("Repetition penalty"), self._repetition, self.tr(
                "Above 1 makes words that were said already less likely.")),
            (self.tr("Max tokens"), self._max_tokens, self.tr(
                "The longest answer; 0 lets it fill the context.")),
            (self.tr("Seed"), self._seed, self.tr(
                "The same seed gives the same answer again; -1 is a new one each time.")),
            (self.tr("Stop at"), self._stop, self.tr("The answer ends before any of these texts.")),
        )  # fmt: skip
        form = QGridLayout()
        form.setVerticalSpacing(SPACE_S)
        form.setColumnStretch(1, 1)
        for place, (name, field, hint) in enumerate(rows):
            field.setAccessibleName(name)
            field.setToolTip(hint)
            field.setMinimumWidth(_FIELD_WIDTH)
            title = label(name, "muted")
            title.setToolTip(hint)
            form.addWidget(title, place, 0)
            form.addWidget(field, place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(label(self.tr("System prompt"), "muted"))
        column.addWidget(self._system)
        column.addSpacing(SPACE_M)
        column.addLayout(form)
        self._system.textChanged.connect(self._on_edited)
        self._stop.textChanged.connect(self._on_edited)
        for number in (self._temperature, self._top_p, self._min_p, self._repetition):
            number.valueChanged.connect(self._on_edited)
        for count in (self._top_k, self._max_tokens, self._seed):
            count.valueChanged.connect(self._on_edited)
        chat.current_changed.connect(self._show)
        chat.parameters_replaced.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._showing = True
        conversation = self._chat.current
        sampling = conversation.sampling
        self._system.setPlainText(conversation.system_prompt)
        self._temperature.setValue(sampling.temperature)
        self._top_p.setValue(sampling.top_p)
        self._top_k.setValue(sampling.top_k)
        self._min_p.setValue(sampling.min_p)
        self._repetition.setValue(sampling.repetition_penalty)
        self._max_tokens.setValue(sampling.max_tokens or 0)
        self._seed.setValue(-1 if sampling.seed is None else sampling.seed)
        self._stop.setText("|".join(sampling.stop))
        self._showing = False

    def _on_edited(self) -> None:
        if self._showing:
            return
        sampling = SamplingParams(
            temperature=round(self._temperature.value(), 2),
            top_p=round(self._top_p.value(), 2),
            top_k=self._top_k.value(),
            min_p=round(self._min_p.value(), 2),
            repetition_penalty=round(self._repetition.value(), 2),
            max_tokens=self._max_tokens.value() or None,
            seed=self._seed.value() if self._seed.value() >= 0 else None,
            stop=tuple(text for text in self._stop.text().split("|") if text),
        )
        self._chat.edit_parameters(self._system.toPlainText(), sampling)


def _decimal(low: float, high: float, step: float) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    indent(field)
    field.setRange(low, high)
    field.setSingleStep(step)
    field.setDecimals(2)
    return field


def _whole(low: int, high: int, lowest_means: str) -> QSpinBox:
    field = QSpinBox()
    indent(field)
    field.setRange(low, high)
    field.setSpecialValueText(lowest_means)
    return field
