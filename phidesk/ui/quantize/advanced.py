"""Every parameter of the recipe, with what it does in both directions."""

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QSpinBox,
    QWidget,
)

from phidesk.core.presets import EFFORTS, Effort
from phidesk.core.recipe_options import (
    bits_for,
    can_mix_bits,
    effort_of,
    formats_for,
    groups_for,
    symmetries_for,
    usable_algorithms,
)
from phidesk.core.recipes import Algorithm, Recipe, SaveFormat
from phidesk.ui.quantize.advanced_words import parameter_words
from phidesk.ui.quantize.calibration_field import CalibrationField
from phidesk.ui.quantize.wording import effort_name, group_name
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, scaled
from phidesk.ui.widgets import indent, label, let_wheel_scroll
from phidesk.viewmodels.quantize_plan import QuantizePlan
from phidesk.viewmodels.words import in_words

_FIELD_WIDTH = 240
_DTYPES = ("bfloat16", "float16", "float32")


class AdvancedForm(QWidget):
    """Edits the plan's recipe; shows only the fields that the algorithm and format have."""

    def __init__(self, plan: QuantizePlan) -> None:
        super().__init__()
        self._plan = plan
        self._showing = False
        self._rows: dict[str, tuple[QWidget, ...]] = {}
        self.algorithm, self.format = QComboBox(), QComboBox()
        self.bits, self.group_size, self.symmetric = QComboBox(), QComboBox(), QComboBox()
        self.effort, self.compute_dtype = QComboBox(), QComboBox()
        self.mixed = QCheckBox(self.tr("mean of"))
        self.average_bits = QDoubleSpinBox()
        indent(self.average_bits)
        self.average_bits.setRange(2.1, 7.9)
        self.average_bits.setSingleStep(0.5)
        self.average_bits.setDecimals(1)
        self.iters = _whole(1, 5000, 50)
        self.samples = _whole(1, 4096, 32)
        self.seqlen = _whole(32, 131072, 256)
        self.batch_size = _whole(1, 256, 1)
        self.seed = _whole(0, 2**31 - 1, 1)
        self.double_quant = QCheckBox(self.tr("pack the scales, too"))
        self.calibration = CalibrationField()
        mixed = QWidget()
        pair = QHBoxLayout(mixed)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.addWidget(self.mixed)
        pair.addWidget(self.average_bits, 1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(SPACE_M)
        self._grid.setHorizontalSpacing(SPACE_L)
        self._grid.setColumnStretch(2, 1)
        fields: dict[str, QWidget] = {
            "algorithm": self.algorithm,
            "format": self.format,
            "bits": self.bits,
            "group_size": self.group_size,
            "symmetric": self.symmetric,
            "average_bits": mixed,
            "effort": self.effort,
            "iters": self.iters,
            "samples": self.samples,
            "seqlen": self.seqlen,
            "batch_size": self.batch_size,
            "calibration": self.calibration,
            "double_quant": self.double_quant,
            "compute_dtype": self.compute_dtype,
            "seed": self.seed,
        }
        words = parameter_words(self)
        for key, field in fields.items():
            self._add_row(key, field, *words[key])
        self.average_bits.setAccessibleName(words["average_bits"][0])
        let_wheel_scroll(self)
        self._connect()
        plan.recipe_changed.connect(self._show)
        self._show()

    def _add_row(self, key: str, field: QWidget, name: str, words: str) -> None:
        row = self._grid.rowCount()
        title, explained = label(name), label(words, "muted", wrap=True)
        field.setAccessibleName(name)
        field.setAccessibleDescription(words)
        field.setFixedWidth(scaled(_FIELD_WIDTH))
        title.setBuddy(field)
        top = Qt.AlignmentFlag.AlignTop
        title.setContentsMargins(0, SPACE_S - 2, 0, 0)
        explained.setContentsMargins(0, SPACE_S - 2, 0, 0)
        self._grid.addWidget(title, row, 0, top)
        self._grid.addWidget(field, row, 1, top)
        self._grid.addWidget(explained, row, 2, top)
        self._rows[key] = (title, field, explained)

    def _connect(self) -> None:
        combos = (
            self.algorithm, self.format, self.bits, self.group_size, self.symmetric,
            self.compute_dtype,
        )  # fmt: skip
        for combo in combos:
            combo.activated.connect(self._on_edited)
        self.effort.activated.connect(self._on_effort_chosen)
        for number in (self.iters, self.samples, self.seqlen, self.batch_size, self.seed):
            number.valueChanged.connect(self._on_edited)
        self.average_bits.valueChanged.connect(self._on_edited)
        self.mixed.toggled.connect(self._on_edited)
        self.double_quant.toggled.connect(self._on_edited)
        self.calibration.edited.connect(self._on_edited)

    def _show(self) -> None:
        recipe = self._plan.recipe
        if recipe is None:
            return
        self._showing = True
        algorithms = usable_algorithms()
        _fill(self.algorithm, [(in_words(a.label), a) for a in algorithms], recipe.algorithm)
        _fill(self.format, [(f.label, f) for f in formats_for(recipe.algorithm)], recipe.format)
        _fill(self.bits, [(str(b), b) for b in bits_for(recipe)], recipe.bits)
        groups = [(group_name(self, g), g) for g in groups_for(recipe)]
        _fill(self.group_size, groups, recipe.group_size)
        kinds = {True: self.tr("symmetric"), False: self.tr("asymmetric")}
        _fill(self.symmetric, [(kinds[s], s) for s in symmetries_for(recipe)], recipe.symmetric)
        efforts: list[tuple[str, Effort | None]] = [(effort_name(self, e), e) for e in Effort]
        effort = effort_of(recipe)
        if effort is None:
            efforts.append((self.tr("my own"), None))
        _fill(self.effort, efforts, effort)
        _fill(self.compute_dtype, [(d, d) for d in _DTYPES], recipe.compute_dtype)
        self.mixed.setChecked(recipe.average_bits is not None)
        self.average_bits.setEnabled(recipe.average_bits is not None)
        self.average_bits.setValue(recipe.average_bits or recipe.bits)
        self.iters.setValue(recipe.iters)
        self.samples.setValue(recipe.samples)
        self.seqlen.setValue(recipe.seqlen)
        self.batch_size.setValue(recipe.batch_size)
        self.seed.setValue(recipe.seed)
        self.double_quant.setChecked(recipe.double_quant)
        self.calibration.show_names(recipe.calibration)
        self._show_rows(recipe)
        self._showing = False

    def _show_rows(self, recipe: Recipe) -> None:
        tuned = recipe.algorithm is Algorithm.SIGNROUND
        calibrated = recipe.algorithm.needs_calibration
        bitsandbytes = recipe.format is SaveFormat.BITSANDBYTES
        free_bits = not recipe.format.is_gguf and not bitsandbytes
        shown = {
            "bits": free_bits and recipe.average_bits is None,
            "group_size": bool(groups_for(recipe)),
            "symmetric": free_bits,
            "average_bits": can_mix_bits(recipe),
            "effort": tuned,
            "iters": tuned,
            "samples": calibrated,
            "seqlen": calibrated,
            "batch_size": calibrated,
            "calibration": calibrated,
            "double_quant": bitsandbytes and recipe.algorithm is not Algorithm.INT8,
            "compute_dtype": bitsandbytes and recipe.algorithm is not Algorithm.INT8,
        }
        for key, parts in self._rows.items():
            for part in parts:
                part.setVisible(shown.get(key, True))

    def _on_effort_chosen(self) -> None:
        recipe, effort = self._plan.recipe, self.effort.currentData()
        if recipe is not None and effort is not None:
            work = EFFORTS[Effort(effort)]
            self._plan.set_recipe(replace(recipe, iters=work.iters, samples=work.samples))

    def _on_edited(self) -> None:
        recipe = self._plan.recipe
        if self._showing or recipe is None:
            return
        save_format = SaveFormat(self.format.currentData())
        bits = int(self.bits.currentData())
        if save_format is not recipe.format and save_format.is_gguf:
            bits = int(save_format.value.removeprefix("gguf:q")[0])
        self._plan.set_recipe(
            replace(
                recipe,
                algorithm=Algorithm(self.algorithm.currentData()),
                format=save_format,
                bits=bits,
                group_size=_or(self.group_size.currentData(), recipe.group_size),
                symmetric=bool(_or(self.symmetric.currentData(), int(recipe.symmetric))),
                average_bits=self._average(recipe),
                iters=self.iters.value() if recipe.iters else 0,
                samples=self.samples.value(),
                seqlen=self.seqlen.value(),
                batch_size=self.batch_size.value(),
                calibration=self.calibration.names,
                double_quant=self.double_quant.isChecked(),
                compute_dtype=self.compute_dtype.currentText(),
                seed=self.seed.value(),
            )
        )
        self._show()  # what was typed may have been changed to what goes together

    def _average(self, recipe: Recipe) -> float | None:
        if not self.mixed.isChecked():
            return None
        if recipe.average_bits is None:
            return recipe.bits + 0.5 if recipe.bits < 8 else 4.5
        return round(self.average_bits.value(), 1)


def _fill(box: QComboBox, items: Sequence[tuple[str, object]], chosen: object) -> None:
    shown = [(box.itemText(n), box.itemData(n)) for n in range(box.count())]
    if shown != list(items):
        box.clear()
        for text, data in items:
            box.addItem(text, data)
    box.setCurrentIndex(next((n for n, (_, data) in enumerate(items) if data == chosen), -1))


def _or(value: object, other: int) -> int:
    return value if isinstance(value, int) else other


def _whole(low: int, high: int, step: int) -> QSpinBox:
    field = QSpinBox()
    indent(field)
    field.setRange(low, high)
    field.setSingleStep(step)
    field.setKeyboardTracking(False)
    return field
