"""How fast something goes, and how long the rest takes."""

from collections import deque

_WINDOW_S = 8.0
_SHORTEST_S = 0.7  # what comes in less says little


class Rate:
    """The speed over the last seconds, in bytes a second."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, float]] = deque()

    def add(self, now: float, done: float) -> None:
        """Note how much is done at a time; going back begins anew."""
        if self._points and done < self._points[-1][1]:
            self._points.clear()
        self._points.append((now, done))
        while len(self._points) > 2 and now - self._points[1][0] >= _WINDOW_S:
            self._points.popleft()

    def clear(self) -> None:
        """Forget what was, for example because of a pause."""
        self._points.clear()

    @property
    def per_second(self) -> float:
        """Bytes a second; 0 where it is not known yet."""
        if len(self._points) < 2:
            return 0.0
        (began, first), (now, last) = self._points[0], self._points[-1]
        return (last - first) / (now - began) if now - began >= _SHORTEST_S else 0.0

    def remaining_s(self, left: float) -> float | None:
        """Return the seconds that the rest takes at this speed; None: not known."""
        return left / self.per_second if self.per_second > 0 else None
