"""The panel at the right edge: the gauges, and how the current chat is answered."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from phidesk.ui.theme import SPACE_L, SPACE_M, Look, scaled
from phidesk.ui.widgets import label, let_wheel_scroll
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.prompting import Prompting

_WIDTH, _MOST_WIDTH = 300, 450


class SidePanel(QScrollArea):
    """Gauges everywhere; the chat's parameters only beside a chat."""

    def __init__(self, gauges: GaugesViewModel, prompting: Prompting, look: Look) -> None:
        super().__init__()
        self._gauges = gauges
        self._prompting = prompting
        self._look = look
        self._chat_part = QWidget()
        self.setAccessibleName(self.tr("Gauges and parameters"))
        self.setWidgetResizable(True)
        self.setFixedWidth(min(scaled(_WIDTH), _MOST_WIDTH))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setObjectName("panel")
        self.setAccessibleName(self.tr("Side panel"))

    def fill(self) -> None:
        """Make what it shows, unless it is there: a window is up sooner without it."""
        if self.widget() is not None:
            return
        from phidesk.ui.gauges_pane import GaugesPane
        from phidesk.ui.parameters import ParametersForm
        from phidesk.ui.preset_bar import PresetBar
        from phidesk.ui.schema_field import SchemaField

        prompting, look = self._prompting, self._look
        chat_column = QVBoxLayout(self._chat_part)
        chat_column.setContentsMargins(0, SPACE_M, 0, 0)
        chat_column.setSpacing(SPACE_M)
        chat_column.addWidget(label(self.tr("This chat"), "title"))
        chat_column.addWidget(PresetBar(prompting.presets, prompting.options, prompting.chat, look))
        chat_column.addWidget(ParametersForm(prompting.chat))
        chat_column.addWidget(SchemaField(prompting.session, prompting.options, prompting.chat))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(GaugesPane(self._gauges, prompting.meter, look))
        column.addWidget(self._chat_part)
        column.addStretch(1)
        let_wheel_scroll(inside)
        self.setWidget(inside)

    def show_chat_part(self, shown: bool) -> None:
        """Show or hide the parameters of the chat."""
        self._chat_part.setVisible(shown)
