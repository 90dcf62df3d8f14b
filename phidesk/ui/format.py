"""Numbers as people read them."""

from phidesk.core.amounts import size as size


def speed(tokens_per_second: float) -> str:
    """Return tokens per second with as many digits as matter."""
    digits = 0 if tokens_per_second >= 100 else 1
    return f"{tokens_per_second:.{digits}f} tok/s"
