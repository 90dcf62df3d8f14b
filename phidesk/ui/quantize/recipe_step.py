"""The second step: how small, and where to."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.recipe_options import engine_for
from phidesk.ui.format import size
from phidesk.ui.icons import tinted_icon
from phidesk.ui.quantize.recipe_cards import RecipeCards
from phidesk.ui.quantize.source_list import facts_of
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Look, scaled
from phidesk.ui.widgets import frame, label
from phidesk.viewmodels.quantize_plan import QuantizePlan
from phidesk.viewmodels.words import in_words

_NARROW = 600


class RecipeStep(QScrollArea):
    """Cards, the name and folder of the copy, and Advanced."""

    def __init__(self, plan: QuantizePlan, look: Look) -> None:
        super().__init__()
        self._plan = plan
        self._look = look
        self._advanced: QWidget | None = None
        self.cards = RecipeCards(plan, look)
        self._source = label(role="muted", wrap=True)
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name of the copy"))
        self.name.textEdited.connect(plan.set_name)
        self.folder = QPushButton()
        self.folder.setProperty("path", True)
        self.folder.clicked.connect(self._on_folder_clicked)
        self.toggle = QToolButton()
        self.toggle.setText(self.tr("Advanced: every parameter"))
        self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self._on_toggled)
        self.own = label(role="muted")
        self.own.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._advanced_card = frame("card")
        self._advanced_column = QVBoxLayout(self._advanced_card)
        self._advanced_column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        self._advanced_card.hide()
        target = QGridLayout()
        target.setHorizontalSpacing(SPACE_M)
        target.setVerticalSpacing(SPACE_S)
        target.setColumnStretch(1, 1)
        target.addWidget(label(self.tr("Name of the copy"), "muted"), 0, 0)
        target.addWidget(self.name, 0, 1)
        target.addWidget(label(self.tr("In the folder"), "muted"), 1, 0)
        row = QHBoxLayout()
        row.addWidget(self.folder)
        row.addStretch(1)
        target.addLayout(row, 1, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACE_S, 0)
        column.setSpacing(SPACE_M)
        head = QHBoxLayout()
        head.setSpacing(SPACE_M)
        head.addWidget(label(self.tr("How small?"), "title"))
        head.addWidget(self._source, 1)
        column.addLayout(head)
        column.addWidget(self.cards)
        column.addSpacing(SPACE_S)
        column.addLayout(target)
        column.addSpacing(SPACE_S)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_M)
        foot.addWidget(self.toggle)
        foot.addWidget(self.own, 1)
        column.addLayout(foot)
        column.addWidget(self._advanced_card)
        column.addStretch(1)
        column.addSpacing(SPACE_XL)
        self.setWidget(inside)
        self.setAccessibleName(self.tr("Recipe"))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        plan.recipe_changed.connect(self._show_own)
        plan.source_changed.connect(self._show)
        plan.target_changed.connect(self._show)
        look.changed.connect(self._tint)
        self._tint()
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the cards below one another where there is little room."""
        super().resizeEvent(event)
        self.cards.set_narrow(self.width() < scaled(_NARROW))

    @property
    def advanced(self) -> QWidget | None:
        """The form, once it was unfolded."""
        return self._advanced

    def _tint(self) -> None:
        icon = "chevron-up" if self.toggle.isChecked() else "chevron-down"
        self.toggle.setIcon(tinted_icon(icon, self._look.theme.text))
        self.folder.setIcon(tinted_icon("folder", self._look.theme.text))

    def _show(self) -> None:
        plan = self._plan
        if plan.source is not None:
            name = self.fontMetrics().elidedText(
                plan.source.name, Qt.TextElideMode.ElideMiddle, 420
            )
            words = f"{name} · {facts_of(plan.source)} · {size(plan.source.size_bytes)}"
            self._source.setText(words)
        if self.name.text().strip() != plan.name:
            self.name.setText(plan.name)
            self.name.setCursorPosition(0)
        text = self.fontMetrics().elidedText(str(plan.folder), Qt.TextElideMode.ElideMiddle, 520)
        self.folder.setText(text)
        self.folder.setToolTip(str(plan.folder))
        self.folder.setAccessibleName(self.tr("Folder of the copy: {0}").format(plan.folder))

    def _show_own(self) -> None:
        """Say what a recipe of the user's own means: no card does."""
        plan = self._plan
        if plan.recipe is None or plan.machine is None or plan.card is not None:
            self.own.setText("")
            return
        engine = engine_for(plan.recipe, plan.machine)
        parts = (
            self.tr("Your own recipe: {0}").format(in_words(plan.recipe.summary)),
            self.tr("about {0}").format(size(plan.result_size(plan.recipe))),
            self.tr("runs on {0}").format(engine.label) if engine else self.tr("no engine here"),
        )
        self.own.setText(" · ".join(parts))

    def _on_folder_clicked(self) -> None:
        start = next((p for p in (self._plan.folder, *self._plan.folder.parents) if p.is_dir()), "")
        folder = QFileDialog.getExistingDirectory(
            self, self.tr("The folder to put the copy into"), str(start)
        )
        if folder:
            self._plan.set_folder(Path(folder))

    def _on_toggled(self, shown: bool) -> None:
        if shown and self._advanced is None:
            from phidesk.ui.quantize.advanced import AdvancedForm

            self._advanced = AdvancedForm(self._plan)
            self._advanced_column.addWidget(self._advanced)
        self._advanced_card.setVisible(shown)
        self._tint()
