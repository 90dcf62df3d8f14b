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

from sentences import sentences

_ROOT = Path(__file__).resolve().parent.parent
_TRANSLATIONS = _ROOT / "resources" / "translations"
_SENTENCES = _TRANSLATIONS / "sentences.json"
_SPOKEN = ("phidesk/ui", "phidesk/viewmodels", "phidesk/app.py")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|<[^<>]+>")

Messages = dict[tuple[str, str], str]
"""translations by context and source text; "" where there is none"""


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
        said = _extracted(Path(folder)) | {("Sentences", sentence): "" for sentence in below}
        for path in sorted(_TRANSLATIONS.glob("phidesk_*.ts")):
            known, compiled = _read(path), path.with_suffix(".qm")
            if not check:
                known = {key: known.get(key, "") for key in said}
                _write(path, known)
                _release(path, compiled)
            problems += [f"{path.name}: {problem}" for problem in _problems(said, known)]
            fresh = Path(folder) / compiled.name
            _release(path, fresh)
            if not compiled.is_file() or compiled.read_bytes() != fresh.read_bytes():
                problems.append(f"{compiled.name}: not made from {path.name}")
    sys.stdout.write(("\n".join(problems) or "Everything is translated.") + "\n")
    return 1 if problems else 0


def _extracted(folder: Path) -> Messages:
    """Return everything that the window says, without translations, as lupdate finds it.

    What a function without a class says through a QObject that it is given has no context that
    lupdate could know, and has QObject's: the last that tr() looks in, for every class.
    """
    files = []
    for spoken in _SPOKEN:
        path = _ROOT / spoken
        files += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    found = folder / "found.ts"
    _tool("lupdate", *map(str, files), "-locations", "none", "-ts", str(found))
    return {
        (context if context[:1].isupper() else "QObject", source): ""
        for context, source in sorted(_read(found))
    }


def _read(path: Path) -> Messages:
    found: Messages = {}
    root = ElementTree.parse(path).getroot()  # noqa: S314, our own file
    for context in root.iter("context"):
        for message in context.iter("message"):
            key = (context.findtext("name", ""), message.findtext("source", ""))
            found[key] = message.findtext("translation", "")
    return found


def _problems(said: Messages, known: Messages) -> list[str]:
    problems = []
    for (context, source), translation in known.items():
        if (context, source) not in said:
            problems.append(f"stale: {context}: {source!r}")
        elif translation and _placeholders(source) != _placeholders(translation):
            problems.append(f"other placeholders: {context}: {source!r}: {translation!r}")
    for context, source in said:
        if not known.get((context, source)):
            problems.append(f"not translated: {context}: {source!r}")
    return problems


def _placeholders(text: str) -> list[str]:
    """Return what a translation has to keep, in any order: fields, marks of HTML."""
    return sorted(_PLACEHOLDER.findall(text))


def _write(path: Path, messages: Messages) -> None:
    """Write messages in Qt's form; what stands before the first context stays as it is."""
    head = path.read_text("utf-8").partition("<context>")[0].partition("</TS>")[0]
    lines = [head.rstrip()]
    contexts: dict[str, list[tuple[str, str]]] = {}
    for (context, source), translation in sorted(messages.items()):
        contexts.setdefault(context, []).append((source, translation))
    for context, entries in contexts.items():
        lines += ["<context>", f"    <name>{context}</name>"]
        for source, translation in entries:
            state = "" if translation else ' type="unfinished"'
            lines += [
                "    <message>",
                f"        <source>{_escaped(source)}</source>",
                f"        <translation{state}>{_escaped(translation)}</translation>",
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
