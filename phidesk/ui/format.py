"""Numbers and names as people read them."""

import re

from PySide6.QtCore import QCoreApplication

from phidesk.core.amounts import size as size

_SPACE = "\u200b"  # one without width
_PLACES = re.compile(r"[_/\\]+(?=[^\W_])|\.(?=[^\W\d_])|[^\W_]{12}(?=[^\W_]{4})")


def speed(tokens_per_second: float) -> str:
    """Return tokens per second with as many digits as matter."""
    digits = 0 if tokens_per_second >= 100 else 1
    words = QCoreApplication.translate("Wording", "{0} tok/s")
    return words.format(f"{tokens_per_second:.{digits}f}")


def breakable(words: str) -> str:
    """Return words whose lines may also end within long names; to be shown, not copied."""
    return _PLACES.sub(rf"\g<0>{_SPACE}", words)
