"""Brings the translations up to date with the code: `.venv/bin/python packaging/translate.py`.

Qt's lupdate finds what the window says, sentences.py what the layers below it say; the .ts files
get what is new and lose what is gone, and lrelease makes the .qm files that are loaded. With
--check nothing is written: what is not translated, gone or wrong is printed instead, and the exit
status is 1.

A new language: copy a .ts file to the name that QLocale has for it (phidesk_de_DE.ts), change its
language, remove its contexts, run this.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import NamedTuple

from sentences import sentences

_ROOT = Path(__file__).resolve().parent.parent
_TRANSLATIONS = _ROOT / "resources" / "translations"
_SENTENCES = _TRANSLATIONS / "sentences.json"
_SPOKEN = ("phidesk/ui", "phidesk/viewmodels", "phidesk/app.py")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|<[^<>]+>")

_OF_THE_CODE = "en"


class Message(NamedTuple):
    """What a text is in a language, "" where that is not known; counted: by how many there are."""

    forms: tuple[str, ...]
    is_counted: bool = False


Messages = dict[tuple[str, str], Message]
"""translations by context and source text"""


def main() -> int:
    """Update or check all languages; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, say what is amiss")
    check = parser.parse_args().check
    below, problems = sentences(_ROOT)
    listed = json.dumps(sorted(below), ensure_ascii=False, indent=0) + "\n"
    if not check:
        _SENTENCES.write_text(listed, "utf-8")
    elif not _SENTENCES.is_file() or _SENTENCES.read_text("utf-8") != listed:
        problems.append(f"{_SENTENCES.name}: not made from the code")
    with tempfile.TemporaryDirectory() as folder:
        paths = sorted(_TRANSLATIONS.glob("phidesk_*.ts"))
        sources = [Path(folder) / path.name for path in paths]
        _extract(sources)
        for path, source in zip(paths, sources, strict=True):
            said = _said(source, below)
            known, compiled = _read(path), path.with_suffix(".qm")
            if not check:
                known = {
                    key: Message(known.get(key, message).forms, message.is_counted)
                    for key, message in said.items()
                }
                _write(path, known)
                _release(path, compiled)
            problems += [f"{path.name}: {problem}" for problem in _problems(said, known)]
            fresh = Path(folder) / compiled.name
            _release(path, fresh)
            if not compiled.is_file() or compiled.read_bytes() != fresh.read_bytes():
                problems.append(f"{compiled.name}: not made from {path.name}")
    sys.stdout.write(("\n".join(problems) or "Everything is translated.") + "\n")
    return 1 if problems else 0


def _extract(targets: list[Path]) -> None:
    """Write everything that the window says, as lupdate finds it, with the languages' plurals."""
    files = []
    for spoken in _SPOKEN:
        path = _ROOT / spoken
        files += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    _tool("lupdate", *map(str, files), "-locations", "none", "-ts", *map(str, targets))


def _said(found: Path, below: set[str]) -> Messages:
    """Return all that has to be translated to a language; to English: what is counted alone.

    What a function without a class says through a QObject that it is given has no context that
    lupdate could know, and has QObject's: the last that tr() looks in, for every class.
    """
    said = {
        (context if context[:1].isupper() else "QObject", source): message
        for (context, source), message in sorted(_read(found).items())
    }
    if found.stem.endswith(f"_{_OF_THE_CODE}"):
        return {key: message for key, message in said.items() if message.is_counted}
    return said | {("Sentences", sentence): Message(("",)) for sentence in below}


def _read(path: Path) -> Messages:
    found: Messages = {}
    root = ElementTree.parse(path).getroot()  # noqa: S314, our own file
    for context in root.iter("context"):
        for message in context.iter("message"):
            key = (context.findtext("name", ""), message.findtext("source", ""))
            counted = tuple(form.text or "" for form in message.iter("numerusform"))
            one = (message.findtext("translation", ""),)
            found[key] = Message(counted or one, bool(counted))
    return found


def _problems(said: Messages, known: Messages) -> list[str]:
    problems = []
    for (context, source), message in known.items():
        if (context, source) not in said:
            problems.append(f"stale: {context}: {source!r}")
        problems += [
            f"other placeholders: {context}: {source!r}: {form!r}"
            for form in message.forms
            if form and not _keeps_places(source, form, message)
        ]
    for (context, source), wanted in said.items():
        message = known.get((context, source), wanted)
        is_whole = len(message.forms) == len(wanted.forms) and all(message.forms)
        if not is_whole or message.is_counted != wanted.is_counted:
            problems.append(f"not translated: {context}: {source!r}")
    return problems


def _keeps_places(source: str, form: str, message: Message) -> bool:
    """Return whether a translation has all fields; a word may stand for a number: “one chat”."""
    wanted, there = _placeholders(source), _placeholders(form)
    return there == wanted or (message.is_counted and set(there) < set(wanted))


def _placeholders(text: str) -> list[str]:
    """Return what a translation has to keep, in any order: fields, marks of HTML."""
    return sorted(_PLACEHOLDER.findall(text))


def _write(path: Path, messages: Messages) -> None:
    """Write messages in Qt's form; what stands before the first context stays as it is."""
    head = path.read_text("utf-8").partition("<context>")[0].partition("</TS>")[0]
    lines = [head.rstrip()]
    contexts: dict[str, list[tuple[str, Message]]] = {}
    for (context, source), message in sorted(messages.items()):
        contexts.setdefault(context, []).append((source, message))
    for context, entries in contexts.items():
        lines += ["<context>", f"    <name>{context}</name>"]
        for source, message in entries:
            state = "" if all(message.forms) else ' type="unfinished"'
            inside = _escaped(message.forms[0])
            if message.is_counted:
                forms = [f"<numerusform>{_escaped(form)}</numerusform>" for form in message.forms]
                inside = "\n            ".join(["", *forms]) + "\n        "
            lines += [
                '    <message numerus="yes">' if message.is_counted else "    <message>",
                f"        <source>{_escaped(source)}</source>",
                f"        <translation{state}>{inside}</translation>",
                "    </message>",
            ]
        lines.append("</context>")
    path.write_text("\n".join([*lines, "</TS>", ""]), "utf-8")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _release(source: Path, compiled: Path) -> None:
    _tool("lrelease", str(source), "-qm", str(compiled))


def _tool(name: str, *arguments: str) -> None:
    tool = Path(sys.executable).with_name(f"pyside6-{name}")
    subprocess.run([tool, *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
