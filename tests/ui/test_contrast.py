"""The contrast of colours, as WCAG 2.2 counts it (1.4.3 for text, 1.4.11 for what is drawn)."""

import pytest
from pygments.styles import get_style_by_name

from phidesk.ui.theme import DARK, LIGHT, Theme
from phidesk.ui.thread.painting import _MARKS

GROUNDS = ("window", "surface", "raised", "hover", "code", "accent_soft", "danger_soft")
TEXTS = ("text", "muted", "accent", "danger", "warning", "good")
DRAWN = ("accent", "kv_used", "kv_reserved", "workspace", "others")
TEXT, DRAWING = 4.5, 3.0


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_text_can_be_read(theme: Theme) -> None:
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [("text", "selection"), ("on_accent", "accent")]
    found = {pair: contrast(getattr(theme, pair[0]), getattr(theme, pair[1])) for pair in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_parts_of_a_gauge_can_be_seen(theme: Theme) -> None:
    grounds = ("window", "surface", "raised")
    found = {
        (part, ground): contrast(getattr(theme, part), getattr(theme, ground))
        for part in DRAWN
        for ground in grounds
    }
    assert {pair: ratio for pair, ratio in found.items() if ratio < DRAWING} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_code_can_be_read(theme: Theme) -> None:
    style = get_style_by_name(theme.pygments_style)
    colours = {f"#{look['color']}" for _, look in style if look["color"]}
    assert len(colours) > 5
    assert [colour for colour in colours if contrast(colour, theme.code) < TEXT] == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_what_was_searched_for_can_be_read(theme: Theme) -> None:
    assert [c for c in _MARKS[theme.is_dark] if contrast(theme.text, c) < TEXT] == []
