"""Numbers as people read them."""


def size(count: float) -> str:
    """Return bytes as MB or GB (powers of ten, as disks and GPUs are sold)."""
    if count >= 10e9:
        return f"{count / 1e9:.0f} GB"
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    if 0 < count < 1e6:
        return f"{count / 1e3:.0f} kB"
    return f"{max(count, 0) / 1e6:.0f} MB"


def speed(tokens_per_second: float) -> str:
    """Return tokens per second with as many digits as matter."""
    digits = 0 if tokens_per_second >= 100 else 1
    return f"{tokens_per_second:.{digits}f} tok/s"
