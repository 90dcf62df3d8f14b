"""How much text an input can take without a pause: Qt lays a paragraph out as a whole."""

MOST_IN_PARAGRAPH = 8_000
"""characters; the time grows with their square, and scripts that alternate are the slowest"""
_MOST_PARAGRAPHS = 10_000
_MOST = 300_000


def quick_length(text: str) -> int:
    """Return how many characters from the beginning are laid out quickly, up to a word's end."""
    start = 0
    for _ in range(_MOST_PARAGRAPHS):
        stop = min(start + MOST_IN_PARAGRAPH, _MOST)
        end = text.find("\n", start, stop)
        if end < 0:
            if len(text) <= stop:
                return len(text)
            return text.rfind(" ", start, stop) + 1 or stop
        start = end + 1
    return start


def is_quick(text: str) -> bool:
    """Return whether an input can take a text without a pause."""
    return quick_length(text) == len(text)
