"""The one HTTP client of a worker: it knows to whom the token may go, and when to try again."""

import email.utils
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx2

import phidesk
from phidesk.core.hub import HUB
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError

_T = TypeVar("_T")
_TIMEOUT = httpx2.Timeout(30.0, connect=15.0)
_TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524)
_LONGEST_WAIT_S = 900.0
_RATE_LIMIT = re.compile(r";\s*t=(\d+)")

WAITS_S: Sequence[float] = (1, 2, 4, 8, 16, 30, 30, 30)
"""between the tries of a download, as long as no byte comes in between"""
SHORT_WAITS_S: Sequence[float] = (0.5, 1.5)
"""between those of a search: somebody is looking on"""


class Hiccup(Exception):  # noqa: N818 - it may pass
    """Something that may be gone at the next try; after_s: when the server wants it."""

    def __init__(self, message: str, after_s: float | None = None) -> None:
        super().__init__(message)
        self.after_s = after_s


class _Client(httpx2.Client):
    """Raises Hiccup where the line is lost: a library that uses it does not try again by itself."""

    def send(self, *arguments: Any, **options: Any) -> httpx2.Response:
        with hiccups():
            return super().send(*arguments, **options)


def make_client(token: str = "", trusted: str = HUB) -> httpx2.Client:
    """Make a client that sends the token to the trusted address alone, and raises Hiccup.

    The check is made for every request, those after a redirect included; no other code sets the
    header.
    """
    home = httpx2.URL(trusted)

    def guard(request: httpx2.Request) -> None:
        request.headers.pop("Authorization", None)
        request.extensions["timeout"] = _TIMEOUT.as_dict()  # whatever a library wants
        if token and _origin(request.url) == _origin(home):
            request.headers["Authorization"] = f"Bearer {token}"

    return _Client(
        event_hooks={"request": [guard], "response": [_refuse]},
        follow_redirects=True,
        headers={"User-Agent": f"phidesk/{phidesk.__version__}"},
    )


def _refuse(response: httpx2.Response) -> None:
    """Raise Hiccup for an answer that may be another one later; others are left alone."""
    if response.status_code in _TRY_AGAIN:
        host, code = response.request.url.host, response.status_code
        if code == 429:
            words = f"{host} gets too many requests from here (429)"
        else:
            words = f"{host} has a problem of its own ({code})"
        raise Hiccup(words, _asked_wait(response.headers))


@contextmanager
def hiccups() -> Iterator[None]:
    """Turn a line that is lost, or never was there, into a Hiccup; also while bytes come."""
    try:
        yield
    except httpx2.TimeoutException as error:
        raise Hiccup(f"{_host(error)} does not answer") from error
    except httpx2.ConnectError as error:
        raise Hiccup(f"{_host(error)} cannot be reached") from error
    except httpx2.RequestError as error:
        raise Hiccup(f"the connection to {_host(error)} was lost") from error


class Patience:
    """Waits after each Hiccup, longer each time, and gives up after as many as there are waits."""

    def __init__(
        self,
        waits_s: Sequence[float],
        on_wait: Callable[[str, float], None] = lambda _words, _seconds: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """on_wait: told what happened and how long the wait is, in seconds."""
        self._waits_s = waits_s
        self._on_wait = on_wait
        self._sleep = sleep
        self._tries = 0

    def renew(self) -> None:
        """Begin anew: something came through."""
        self._tries = 0

    def wait(self, hiccup: Hiccup) -> None:
        """Wait; raises EngineError where it is time to give up."""
        asked = hiccup.after_s or 0.0
        if self._tries >= len(self._waits_s) or asked > _LONGEST_WAIT_S:
            words = f"It did not work: {hiccup}. "
            if asked >= 60:
                words += f"It asks to come back in {asked / 60:.0f} minutes. "
            words += "Check the connection and try again."
            raise EngineError(FailureKind.NETWORK, words) from hiccup
        # Those who were cut off together should not come back together.
        usual = self._waits_s[self._tries] * random.uniform(0.8, 1.2)  # noqa: S311
        seconds = max(usual, asked)
        self._tries += 1
        self._on_wait(str(hiccup), seconds)
        self._sleep(seconds)


def patiently(call: Callable[[], _T], patience: Patience) -> _T:
    """Call until there is no Hiccup."""
    while True:
        try:
            return call()
        except Hiccup as hiccup:
            patience.wait(hiccup)


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port  # the usual port is None


def _host(error: httpx2.RequestError) -> str:
    try:
        return error.request.url.host
    except RuntimeError:  # it was raised outside of a request
        return "the server"


def _asked_wait(headers: httpx2.Headers) -> float | None:
    """Return the seconds of a Retry-After header, a number or a date, or of the Hub's own.

    That is RateLimit: https://huggingface.co/docs/hub/rate-limits
    """
    value = headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    if not value and (match := _RATE_LIMIT.search(headers.get("RateLimit", ""))):
        return float(match[1])
    try:
        then = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, then.timestamp() - time.time())
