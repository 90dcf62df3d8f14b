"""The options of a load: precision and device, and vLLM's own, most of them behind a fold."""

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from phidesk.core import engines
from phidesk.core.engines import EngineName
from phidesk.core.load_options import MAX_CHATS, Dtype, KvDtype, Place, Speculation, Startup
from phidesk.core.machine import Machine
from phidesk.core.models import Device
from phidesk.ui.draft_field import DraftField
from phidesk.ui.icons import tinted_icon
from phidesk.ui.load_option_words import (
    Choices,
    dtypes,
    kv_dtypes,
    option_words,
    places,
    speculations,
    startups,
)
from phidesk.ui.theme import SPACE_S, Look
from phidesk.ui.widgets import indent, label
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.models import ModelsViewModel

LABEL_WIDTH = 92
_GB = 1_000_000_000


class LoadOptionsForm(QWidget):
    """Edits the plan's options; hidden where the engine knows none of them."""

    def __init__(self, plan: LoadPlan, models: ModelsViewModel, look: Look) -> None:
        super().__init__()
        self._plan = plan
        self._look = look
        self._showing = False
        self._models = models
        self.place = self._combo(places(self))
        self.dtype = self._combo(dtypes(self))
        self.startup = self._combo(startups(self))
        self.chats, self.gpus = QSpinBox(), QSpinBox()
        self.chats.setRange(1, MAX_CHATS)
        self.kv_dtype = self._combo(kv_dtypes(self))
        self.offload = QDoubleSpinBox()
        self.offload.setRange(0, 1024)
        self.offload.setDecimals(1)
        self.offload.setSpecialValueText(self.tr("nothing"))
        self.offload.setSuffix(self.tr(" GB"))
        self.speculation = self._combo(speculations(self))
        self.draft = DraftField(models)
        self.more = QToolButton()
        self.more.setProperty("role", "fold")
        self.more.setText(self.tr("More options"))
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setIconSize(QSize(12, 12))
        self.more.setCheckable(True)
        self.more.toggled.connect(self._on_folded)
        self._rows: dict[str, tuple[QWidget, QWidget]] = {}
        self._folded = self._grid({
            "chats": self.chats,
            "kv_dtype": self.kv_dtype,
            "offload": self.offload,
            "gpus": self.gpus,
            "speculation": self.speculation,
            "draft": self.draft,
        })  # fmt: skip
        self._folded.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(
            self._grid({"place": self.place, "dtype": self.dtype, "startup": self.startup})
        )
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._folded)
        for spin in (self.chats, self.offload, self.gpus):
            indent(spin)
            spin.valueChanged.connect(self._on_edited)
        self.draft.chosen.connect(self._on_draft_chosen)
        look.changed.connect(self._tint)
        self._tint()

    def refresh(self) -> None:
        """Show the plan's options."""
        self._showing = True
        options, machine = self._plan.options, self._plan.machine
        self._show_known(machine)
        _choose(self.place, options.place)
        _choose(self.dtype, options.dtype)
        _choose(self.startup, options.startup)
        _choose(self.kv_dtype, options.kv_dtype)
        _choose(self.speculation, options.speculation)
        self.chats.setValue(options.parallel_chats)
        self.offload.setValue(options.cpu_offload_bytes / _GB)
        on_gpu = engines.vllm_device() is Device.CUDA
        self._show_row("offload", on_gpu or options.cpu_offload_bytes > 0)
        gpus = machine.gpus if machine is not None and on_gpu else 1
        self.gpus.setRange(1, max(1, gpus, options.gpus))
        self.gpus.setValue(options.gpus)
        self._show_row("gpus", max(gpus, options.gpus) > 1)
        # Without a GPU, guesses go with temperature 0 only: most chats would be refused.
        guesses = options.speculation is not Speculation.OFF
        self._show_row("speculation", on_gpu or guesses)
        self._show_draft(options.speculation is Speculation.DRAFT)
        self._showing = False

    def _show_known(self, machine: Machine | None) -> None:
        """Show what the engine knows, for this model and on this machine."""
        model, engine = self._models.selected, self._plan.engine
        on_vllm, on_torch = engine is EngineName.VLLM, engine is EngineName.TRANSFORMERS
        has_gpu = machine is not None and machine.device is not Device.CPU
        elsewhere = self._plan.options.place is not Place.AUTO
        shows_place = on_torch and (has_gpu or elsewhere)
        shows_dtype = model is not None and not model.method and (on_vllm or on_torch)
        self.setVisible(on_vllm or shows_place or shows_dtype)
        self._show_row("place", shows_place)
        self._show_row("dtype", shows_dtype)
        self._show_row("startup", on_vllm)
        self.more.setVisible(on_vllm)
        self._folded.setVisible(on_vllm and self.more.isChecked())

    def _combo(self, choices: Choices) -> QComboBox:
        combo = QComboBox()
        for value, name, hint in choices:
            combo.addItem(name, value)
            combo.setItemData(combo.count() - 1, hint, Qt.ItemDataRole.ToolTipRole)
        combo.activated.connect(self._on_edited)
        return combo

    def _grid(self, fields: dict[str, QWidget]) -> QWidget:
        made, words = QWidget(), option_words(self)
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_S)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        for place, (key, field) in enumerate(fields.items()):
            name, hint = words[key]
            title = label(name, "muted")
            title.setToolTip(hint)
            title.setBuddy(field)
            field.setAccessibleName(name)
            field.setAccessibleDescription(hint)
            field.setToolTip(hint)
            grid.addWidget(title, place, 0)
            grid.addWidget(field, place, 1)
            self._rows[key] = (title, field)
        return made

    def _show_row(self, key: str, shown: bool) -> None:
        for part in self._rows[key]:
            part.setVisible(shown)

    def _show_draft(self, shown: bool) -> None:
        self._show_row("draft", shown)
        if shown:
            self.draft.show_path(self._plan.options.draft_model)

    def _on_edited(self) -> None:
        if self._showing:
            return
        speculation = Speculation(self.speculation.currentData())
        draft = self._plan.options.draft_model if speculation is Speculation.DRAFT else ""
        waits = speculation is Speculation.DRAFT and not draft  # until a model is chosen
        changed = replace(
            self._plan.options,
            place=Place(self.place.currentData()),
            dtype=Dtype(self.dtype.currentData()),
            startup=Startup(self.startup.currentData()),
            parallel_chats=self.chats.value(),
            kv_dtype=KvDtype(self.kv_dtype.currentData()),
            cpu_offload_bytes=round(self.offload.value() * _GB),
            gpus=self.gpus.value(),
            speculation=Speculation.OFF if waits else speculation,
            draft_model=draft,
        )
        self._plan.set_options(changed)
        if waits:
            _choose(self.speculation, Speculation.DRAFT)
            self._show_draft(True)

    def _on_draft_chosen(self, path: str) -> None:
        options = replace(self._plan.options, speculation=Speculation.DRAFT, draft_model=path)
        self._plan.set_options(options)

    def _on_folded(self, shown: bool) -> None:
        self._folded.setVisible(shown)
        self._tint()

    def _tint(self) -> None:
        icon = "chevron-up" if self.more.isChecked() else "chevron-down"
        self.more.setIcon(tinted_icon(icon, self._look.theme.muted))


def _choose(combo: QComboBox, value: str) -> None:
    combo.setCurrentIndex(max(0, combo.findData(value)))
    combo.setToolTip(combo.currentData(Qt.ItemDataRole.ToolTipRole))
