"""All models with what matters about each, and how the chosen one is to be loaded."""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QListView, QPushButton, QVBoxLayout, QWidget

from phidesk.core.models import ModelRef
from phidesk.ui.icons import tinted_icon
from phidesk.ui.model_delegate import ModelDelegate
from phidesk.ui.model_details import ModelDetails
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_XL, Look
from phidesk.ui.widgets import frame, label
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.models import ModelRole, ModelsViewModel


class ModelsPane(QWidget):
    """The list on the left, details and load options on the right."""

    load_requested = Signal()
    add_folder_requested = Signal()
    quantize_requested = Signal()
    report_requested = Signal()
    get_requested = Signal()
    trust_requested = Signal()

    def __init__(
        self, models: ModelsViewModel, plan: LoadPlan, gauges: GaugesViewModel, look: Look
    ) -> None:
        super().__init__()
        self._models = models
        self._list = QListView()
        self._list.setAccessibleName(self.tr("Models"))
        self._list.setModel(models)
        self._list.setItemDelegate(ModelDelegate(look, self._list))
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.doubleClicked.connect(lambda _: self.load_requested.emit())
        self._list.selectionModel().currentChanged.connect(self._on_current_changed)
        self._add = QPushButton(self.tr("Add folder…"))
        self._add.clicked.connect(self.add_folder_requested)
        self.get = QPushButton(self.tr("Get models…"))
        self.get.clicked.connect(self.get_requested)
        self._rescan = QPushButton(self.tr("Scan again"))
        self._rescan.clicked.connect(models.rescan)
        self._count = label(role="muted")
        self.details = ModelDetails(models, plan, gauges, look)
        self.details.load.clicked.connect(self.load_requested)
        self.details.trust.clicked.connect(self.trust_requested)
        self.details.report.clicked.connect(self.report_requested)
        self.details.quantize.clicked.connect(self.quantize_requested)
        head = QHBoxLayout()
        head.setSpacing(SPACE_M)
        head.addWidget(label(self.tr("Models"), "title"))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._rescan)
        head.addWidget(self._add)
        head.addWidget(self.get)
        left = QVBoxLayout()
        left.setSpacing(SPACE_M)
        left.addLayout(head)
        left.addWidget(self._list, 1)
        card = frame("card")
        card.setFixedWidth(340)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.details)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        row.setSpacing(SPACE_L)
        row.addLayout(left, 1)
        row.addWidget(card)
        models.modelReset.connect(self._refresh)
        models.selection_changed.connect(self._refresh)
        models.scanning_changed.connect(self._refresh)
        look.changed.connect(lambda: self._add.setIcon(tinted_icon("folder", look.theme.text)))
        self._add.setIcon(tinted_icon("folder", look.theme.text))
        self._refresh()

    def _refresh(self) -> None:
        row = self._models.row_of(self._models.selected)
        self._list.setCurrentIndex(self._models.index(row))
        count = self._models.rowCount()
        scanning = self._models.is_scanning
        words = self.tr("reading folders…") if scanning else self.tr("{0} found").format(count)
        self._count.setText(words)
        self._rescan.setEnabled(bool(self._models.folders) and not scanning)

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        ref = self._models.data(current, ModelRole.REF)
        if isinstance(ref, ModelRef):
            self._models.select(ref)
