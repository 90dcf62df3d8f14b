"""All models with what matters about each, and how the chosen one is to be loaded."""

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.engines import EngineName, NoEngineError, choose_engine, lacking, rows_for
from phidesk.core.models import ModelRef
from phidesk.core.preflight import Level, source_finding
from phidesk.core.report import saved_report
from phidesk.ui.format import size
from phidesk.ui.icons import tinted_icon
from phidesk.ui.model_delegate import ModelDelegate
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Look
from phidesk.ui.widgets import frame, indent, label
from phidesk.ui.wording import concern_text
from phidesk.viewmodels.models import ModelRole, ModelsViewModel

_LONGEST_CONTEXT = 1_048_576
_PATH_WIDTH = 200


class ModelsPane(QWidget):
    """The list on the left, details and load options on the right."""

    load_requested = Signal()
    add_folder_requested = Signal()
    quantize_requested = Signal()
    report_requested = Signal()

    def __init__(self, models: ModelsViewModel, look: Look) -> None:
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
        self._rescan = QPushButton(self.tr("Scan again"))
        self._rescan.clicked.connect(models.rescan)
        self._count = label(role="muted")
        self._details = ModelDetails(models)
        self._details.load.clicked.connect(self.load_requested)
        self._details.report.clicked.connect(self.report_requested)
        self._details.quantize.clicked.connect(self.quantize_requested)
        head = QHBoxLayout()
        head.setSpacing(SPACE_M)
        head.addWidget(label(self.tr("Models"), "title"))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._rescan)
        head.addWidget(self._add)
        left = QVBoxLayout()
        left.setSpacing(SPACE_M)
        left.addLayout(head)
        left.addWidget(self._list, 1)
        card = frame("card")
        card.setFixedWidth(340)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        inside.addWidget(self._details)
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


class ModelDetails(QWidget):
    """The chosen model: facts, warnings, engine and context length, and Load."""

    def __init__(self, models: ModelsViewModel) -> None:
        super().__init__()
        self._models = models
        self._showing = False
        self._name = label(role="title", wrap=True)
        self._warning = label(role="danger", wrap=True)
        self._facts = QFormLayout()
        self._facts.setVerticalSpacing(SPACE_S)
        self._values: dict[str, QLabel] = {}
        for key, name in (
            ("format", self.tr("Format")),
            ("architecture", self.tr("Architecture")),
            ("size", self.tr("Size on disk")),
            ("context", self.tr("Context length")),
            ("path", self.tr("Path")),
        ):
            self._values[key] = label(wrap=key != "path")
            self._facts.addRow(label(name, "muted"), self._values[key])
        self._values["path"].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._values["path"].setMinimumWidth(10)
        self._engine = QComboBox()
        self._engine.setAccessibleName(self.tr("Engine"))
        self._engine.activated.connect(self._on_engine_chosen)
        self._reason = label(role="muted", wrap=True)
        self._context = QSpinBox()
        indent(self._context)
        self._context.setAccessibleName(self.tr("Context to load for"))
        self._context.setSingleStep(1024)
        self._context.setSpecialValueText(self.tr("automatic"))
        self._context.setSuffix(self.tr(" tokens"))
        self._context.valueChanged.connect(self._on_context_edited)
        options = QGridLayout()
        options.setVerticalSpacing(SPACE_S)
        options.setColumnStretch(1, 1)
        options.addWidget(label(self.tr("Engine"), "muted"), 0, 0)
        options.addWidget(self._engine, 0, 1)
        options.addWidget(label(self.tr("Context"), "muted"), 1, 0)
        options.addWidget(self._context, 1, 1)
        self.load = QPushButton(self.tr("Load"))
        self.load.setProperty("primary", True)
        self.load.setMinimumSize(QSize(0, 36))
        self.quantize = QPushButton(self.tr("Quantize…"))
        self.report = QPushButton(self.tr("Report card"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(self._name)
        column.addWidget(self._warning)
        column.addLayout(self._facts)
        column.addSpacing(SPACE_M)
        column.addLayout(options)
        column.addWidget(self._reason)
        column.addStretch(1)
        column.addWidget(self.report)
        column.addWidget(self.quantize)
        column.addWidget(self.load)
        models.selection_changed.connect(self._show)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Look again whether the model has a report card."""
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        self._showing = True
        model = self._models.selected
        self.load.setEnabled(model is not None)
        if model is None:
            self._name.setText(self.tr("No model chosen"))
        else:
            self._name.setText(model.name)
            most = model.context_length
            self._set("format", f"{model.format} · {model.quantization}".strip(" ·"))
            self._set("architecture", model.architecture or self.tr("unknown"))
            self._set("size", size(model.size_bytes))
            self._set("context", self.tr("{0} tokens").format(f"{most:,}") if most else "—")
            left = Qt.TextElideMode.ElideLeft
            self._set("path", self.fontMetrics().elidedText(model.path, left, _PATH_WIDTH))
            self._values["path"].setToolTip(model.path)
            self._context.setRange(0, most or _LONGEST_CONTEXT)
            self._context.setValue(self._models.context_length or 0)
        warnings = [model.problem] if model and model.problem else []
        warnings += [concern_text(self, c) for c in (model.concerns if model else ())]
        self._warning.setText("\n".join(warnings))
        self._warning.setVisible(bool(warnings))
        self._fill_engines(model)
        finding = source_finding(model) if model is not None else None
        self.quantize.setEnabled(finding is not None and finding.level is not Level.STOP)
        self.report.setVisible(model is not None and saved_report(model) is not None)
        self.quantize.setToolTip(finding.text if finding is not None else "")
        self._showing = False

    def _set(self, key: str, text: str) -> None:
        self._values[key].setText(text)

    def _fill_engines(self, model: ModelRef | None) -> None:
        self._engine.clear()
        self._engine.addItem(self.tr("Automatic"), None)
        self._reason.setText("")
        if model is None:
            return
        for row in rows_for(model):
            missing = lacking(row)
            name = row.engine.label
            title = self.tr("{0} (not installed)").format(name) if missing else name
            self._engine.addItem(title, row.engine)
            place = self._engine.count() - 1
            self._engine.setItemData(place, row.note, Qt.ItemDataRole.ToolTipRole)
        self._engine.setCurrentIndex(max(0, self._engine.findData(self._models.engine)))
        self._explain(model)

    def _explain(self, model: ModelRef) -> None:
        try:
            engine = choose_engine(model, self._models.engine)
        except NoEngineError as error:
            self._reason.setText(str(error))
            return
        note = next((row.note for row in rows_for(model) if row.engine is engine), "")
        words = self.tr("Runs on {0}").format(engine.label)
        self._reason.setText(f"{words}: {note}" if note else words)

    def _on_engine_chosen(self, place: int) -> None:
        chosen = self._engine.itemData(place)
        self._models.engine = EngineName(chosen) if chosen else None
        if self._models.selected is not None:
            self._explain(self._models.selected)

    def _on_context_edited(self, value: int) -> None:
        if not self._showing:
            self._models.context_length = value or None
