"""The heights of all rows and where each begins, in pixels from the top of the thread."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Rows:
    """Heights of rows; the sums are renewed when they are asked for."""

    def __init__(self, top: int, bottom: int) -> None:
        self._top, self._bottom = top, bottom
        self._heights: list[int] = []
        self._tops: list[int] | None = None

    def __len__(self) -> int:
        return len(self._heights)

    def reset(self, heights: Iterable[int]) -> None:
        """Forget all rows and take new ones."""
        self._heights, self._tops = list(heights), None

    def set_top(self, top: int) -> None:
        """Begin at another height."""
        self._top, self._tops = top, None

    def insert(self, row: int, heights: Iterable[int]) -> None:
        """Insert rows before a row."""
        self._heights[row:row] = heights
        self._tops = None

    def remove(self, first: int, last: int) -> None:
        """Remove the rows from first to last."""
        del self._heights[first : last + 1]
        self._tops = None

    def height(self, row: int) -> int:
        """Return a row's height."""
        return self._heights[row]

    def set_height(self, row: int, height: int) -> None:
        """Change a row's height."""
        if self._tops is not None and row < len(self._heights) - 1:
            self._tops = None
        elif self._tops is not None:  # the last row grows while an answer streams
            self._tops[-1] += height - self._heights[row]
        self._heights[row] = height

    def top(self, row: int) -> int:
        """Return where a row begins; the row after the last one begins at the end."""
        return self._sums()[row]

    @property
    def total(self) -> int:
        """The height of everything, with the margins."""
        return self._sums()[-1] + self._bottom

    def at(self, y: float) -> int:
        """Return the row at a height, the nearest one outside; -1 without rows."""
        return min(max(0, bisect_right(self._sums(), y) - 1), len(self._heights) - 1)

    def between(self, top: int, bottom: int) -> range:
        """Return the rows that touch a band."""
        if not self._heights:
            return range(0)
        return range(self.at(top), self.at(bottom) + 1)

    def _sums(self) -> list[int]:
        if self._tops is None:
            self._tops = list(accumulate(self._heights, initial=self._top))
        return self._tops
