"""Bytes as people read them: powers of ten, as disks and graphics cards are sold."""


def size(count: float) -> str:
    """Return bytes in short, as the window has room for."""
    if count >= 1e12:
        return f"{count / 1e12:.1f} TB"
    if count >= 10e9:
        return f"{count / 1e9:.0f} GB"
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    if 0 < count < 1e6:
        return f"{count / 1e3:.0f} kB"
    return f"{max(count, 0) / 1e6:.0f} MB"


def exact_size(count: float, digits: int = 2) -> str:
    """Return bytes with as many digits as two of them are compared by; digits: of GB."""
    if count >= 1e12:
        return f"{count / 1e12:.{digits}f} TB"
    if count >= 1e9:
        return f"{count / 1e9:.{digits}f} GB"
    if count >= 1e6:
        return f"{count / 1e6:.1f} MB"
    return f"{count / 1e3:.0f} kB"
