"""Translates sentences of the lower layers, of which only the finished words are there.

What they can say lies as templates in `sentences.json`, which `packaging/translate.py` makes of
their code. From the words the template is found again, and the values in its places are
translated likewise: a reason inside of an error, for instance. What is not found stays as it is:
names, what libraries say.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec
from PySide6.QtCore import QCoreApplication

from phidesk.core.paths import resources

CONTEXT = "Sentences"
_MOST_CHARACTERS, _MOST_PARTS = 3000, 24
_FEW_LETTERS = 6
"""a template of no more could fit anything: its values may then have no words of their own"""
_PLACE = re.compile(r"\{\w+\}")
_BOUNDARY = re.compile(r"(?<=[.:;!?”])\s+|\s+(?=\()|\n+|(?<=[。：；，！？（])(?=[A-Za-z“])")
_PHRASE = re.compile(r"[a-z]{2,} [a-z]{2,}")
_MARKS = {".": "。", ":": "：", ";": "；", ",": "，"}
_ENDS = "".join(_MARKS) + "。：；，"
_WIDE = tuple("。：；，？！（）“”")
_LATIN = "\u2e80"
"""below the signs of Chinese"""

_Found = tuple[int, str]
"""how many letters are translated, and the words"""


@lru_cache(maxsize=1024)
def translated(text: str, language: str) -> str:
    """Return an English text in a language, which is that of the window."""
    if len(text) > _MOST_CHARACTERS:
        return text
    fitting = [t for t in _templates(language) if all(piece in text for piece in t.pieces)]
    return _Translation(fitting).of(text)[1]


@lru_cache(maxsize=1)
def _templates(_language: str) -> "tuple[_Template, ...]":
    """Return all templates; the first of two that fit as well is the outer one."""
    file = resources() / "translations" / "sentences.json"
    known = msgspec.json.decode(file.read_bytes(), type=list[str])
    made = [_Template(source, QCoreApplication.translate(CONTEXT, source)) for source in known]
    return tuple(sorted(made, key=lambda made: (not made.pieces[0], -made.letters)))


class _Template:
    """A sentence with places, and its translation; marks at the ends are left to the text."""

    def __init__(self, source: str, translation: str) -> None:
        source = source.strip().strip(".:;, ")
        self.pieces = _PLACE.split(source)
        self._names = _PLACE.findall(source)
        translation = translation.strip().strip("。：；，.:;, ")
        places = [*_PLACE.findall(translation), ""]
        self._parts = list(zip(_PLACE.split(translation), places, strict=True))
        self.letters = sum(map(str.isalpha, "".join(self.pieces)))
        self.is_weak = bool(self._names) and self.letters <= _FEW_LETTERS
        # Names stand in quotes: a file may be called as it likes.
        self.quoted = [piece.endswith("“") for piece in self.pieces[:-1]]

    def values(self, text: str) -> list[str] | None:
        """Return what stands in the places, where the text is this sentence; else None."""
        first, last = self.pieces[0], self.pieces[-1]
        if not self._names:
            return [] if text == first else None
        end = len(text) - len(last)
        if end < len(first) or not (text.startswith(first) and text.endswith(last)):
            return None
        found, begin = [], len(first)
        for piece in self.pieces[1:-1]:
            place = text.find(piece, begin, end)
            if place < 0:
                return None
            found.append(text[begin:place])
            begin = place + len(piece)
        return [*found, text[begin:end]]

    def filled(self, values: list[str]) -> str:
        """Return the translation with values, no space between two of Chinese."""
        by_name = dict(zip(self._names, values, strict=True))
        words = ""
        for piece, name in self._parts:
            words = _beside(words, piece)
            words = _beside(words, by_name.get(name, name))
        return words


class _Translation:
    """Translates one text; what its parts come to is computed once."""

    def __init__(self, templates: Sequence[_Template]) -> None:
        self._templates = templates
        self._known: dict[str, _Found] = {}

    def of(self, text: str) -> _Found:
        """Return the most that can be translated: as one sentence, or part by part."""
        if text not in self._known:
            self._known[text] = (0, text)  # for a template that leads back to it
            self._known[text] = max(self._by_parts(text), self._whole(text), key=lambda f: f[0])
        return self._known[text]

    def _whole(self, text: str) -> _Found:
        core = text.strip().rstrip(_ENDS)
        best: _Found = (0, text)
        for template in self._templates:
            values = template.values(core)
            if values is None:
                continue
            found = [
                (0, value) if is_name else self.of(value)
                for value, is_name in zip(values, template.quoted, strict=False)
            ]
            if template.is_weak and any(not n and _PHRASE.search(words) for n, words in found):
                continue
            letters = template.letters + sum(count for count, _ in found)
            if letters > best[0]:
                best = letters, template.filled([words for _, words in found])
        if not best[0]:
            return best
        mark = text.strip()[len(core) :]
        return best[0], best[1] + "".join(_MARKS.get(sign, sign) for sign in mark)

    def _by_parts(self, text: str) -> _Found:
        ends = [found.span() for found in _BOUNDARY.finditer(text)]
        if not 0 < len(ends) < _MOST_PARTS:
            return 0, text
        begins = [0, *(end for _, end in ends)]
        stops = [*(begin for begin, _ in ends), len(text)]
        # The best for what ends at each part, each time by where the last sentence begins.
        best: list[_Found] = [(0, "")]
        for last, stop in enumerate(stops):
            choices = []
            for first in range(last, -1, -1):  # of two that are as good, the shorter sentences
                gap = text[stops[first - 1] : begins[first]] if first else ""
                letters, words = self._sentence(text[begins[first] : stop], first == last)
                before, so_far = best[first]
                choices.append((before + letters, _joined(so_far, gap, words)))
            best.append(max(choices, key=lambda found: found[0]))
        return best[-1]

    def _sentence(self, text: str, is_single: bool) -> _Found:
        found = self._whole(text)
        return found if found[0] or is_single else (-1, text)


def _joined(before: str, gap: str, after: str) -> str:
    if "\n" in gap:
        return before + gap + after
    if before[-1:] in _MARKS and after[:1] > _LATIN:
        return before[:-1] + _MARKS[before[-1]] + after
    is_wide = before.endswith(_WIDE) or after.startswith(_WIDE)
    return before + after if is_wide else before + gap + after


def _beside(before: str, after: str) -> str:
    """Return both, without the space that Chinese has beside other letters only."""
    if before[-1:] == " " and before[-2:-1] > _LATIN and after[:1] > _LATIN:
        return before[:-1] + after
    if after[:1] == " " and before[-1:] > _LATIN and after[1:2] > _LATIN:
        return before + after[1:]
    return before + after
