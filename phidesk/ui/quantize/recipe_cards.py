"""The three plain recipes."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QPushButton, QVBoxLayout, QWidget

from phidesk.core.presets import Card
from phidesk.core.recipe_options import engine_for
from phidesk.ui.format import size
from phidesk.ui.meters import PartsBar
from phidesk.ui.quantize.wording import card_name, card_purpose, effort_words
from phidesk.ui.theme import RADIUS, SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Look
from phidesk.ui.widgets import direction, label
from phidesk.viewmodels.quantize_plan import QuantizePlan


class RecipeCard(QPushButton):
    """One choice: what it is for, how large the copy will be, what runs it, how long it takes."""

    def __init__(self, look: Look, card: Card) -> None:
        super().__init__()
        self._look = look
        self.card = card
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name = label(card_name(self, card), "title")
        self._purpose = label(card_purpose(self, card), "muted", wrap=True)
        self._size = label(role="figure")
        self._share = label(role="muted", wrap=True)
        self._bar = PartsBar(look, self.tr("Size of the copy against the original"))
        self._facts = label(wrap=True)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_S)
        column.addWidget(self._name)
        column.addWidget(self._purpose)
        column.addStretch(1)
        column.addSpacing(SPACE_XS)
        column.addWidget(self._size)
        column.addWidget(self._bar)
        column.addWidget(self._share)
        column.addSpacing(SPACE_XS)
        column.addWidget(self._facts)
        for part in (self._name, self._purpose, self._size, self._share, self._bar, self._facts):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return what the labels need: a button looks at its text alone."""
        return self._column.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return what the labels need."""
        return self._column.minimumSize()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the ground and the border."""
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        pen = painter.pen()
        pen.setWidthF(2.0 if chosen or self.hasFocus() else 1.0)
        pen.setColor(QColor(theme.accent if chosen or self.hasFocus() else theme.border))
        painter.setPen(pen)
        ground = theme.accent_soft if chosen else theme.surface
        painter.setBrush(QColor(theme.hover if self.underMouse() and not chosen else ground))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def show_plan(self, plan: QuantizePlan) -> None:
        """Show what the card means for the source."""
        recipe = plan.card_recipes().get(self.card)
        self.setEnabled(recipe is not None)
        self.setChecked(plan.card is self.card)
        if recipe is None or plan.source is None or plan.machine is None:
            return
        result, original = plan.result_size(recipe), plan.source.size_bytes
        self._size.setText(self.tr("about {0}").format(size(result)))
        share = result / original if original else 1.0
        larger = share > 1.0
        if larger:
            words = self.tr("larger than the original, {0}").format(size(original))
        else:
            words = self.tr("{0} % of the original, {1}")
            words = words.format(round(100 * share), size(original))
        self._share.setText(words)
        self._bar.set_parts([("warning" if larger else "accent", share)])
        engine = engine_for(recipe, plan.machine)
        runs = self.tr("runs on {0}").format(engine.label) if engine else self.tr("no engine here")
        facts = [f"{recipe.format.label}, {runs}", effort_words(self, recipe)]
        self._facts.setText("\n".join(facts))
        self.setAccessibleName(card_name(self, self.card))
        self.setAccessibleDescription(". ".join((self._size.text(), words, *facts)))


class RecipeCards(QWidget):
    """The cards; none is marked while the recipe is one of the user's own."""

    def __init__(self, plan: QuantizePlan, look: Look) -> None:
        super().__init__()
        self._plan = plan
        self._group = QButtonGroup(self)
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_M)
        self.cards = {card: RecipeCard(look, card) for card in Card}
        for card, button in self.cards.items():
            button.clicked.connect(lambda _=False, card=card: plan.choose_card(card))
            self._group.addButton(button)
            row.addWidget(button, 1)
        plan.recipe_changed.connect(self._show)
        plan.source_changed.connect(self._show)
        self._show()

    def set_narrow(self, narrow: bool) -> None:
        """Put the cards below one another where there is little room."""
        self._row.setDirection(direction(narrow))

    def _show(self) -> None:
        self._group.setExclusive(False)
        for button in self.cards.values():
            button.show_plan(self._plan)
        self._group.setExclusive(self._plan.card is not None)
