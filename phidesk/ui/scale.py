"""The scale of a chart's axis."""

import math
from collections.abc import Iterable

from PySide6.QtCore import QRectF


class LinearScale:
    """From zero to a round number above the highest value."""

    def __init__(self, values: Iterable[float]) -> None:
        highest = max(values, default=1.0) or 1.0
        step = 10.0 ** math.floor(math.log10(highest))
        self._step: float = next(
            s for s in (step / 5, step / 2, step, 2 * step) if highest / s <= 5
        )
        self._top = self._step * math.ceil(highest / self._step - 1e-9)

    def y(self, area: QRectF, value: float) -> float:
        """Return where a value lies in the area, counted from above as Qt does."""
        return area.bottom() - value / self._top * area.height()

    def ticks(self) -> list[tuple[float, str]]:
        """Return the values to write at the axis, with their words."""
        count = round(self._top / self._step)
        return [(n * self._step, f"{n * self._step:g}") for n in range(count + 1)]
