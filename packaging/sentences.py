"""Finds what the layers below the window say to a person, for translate.py.

They do not know Qt and speak English. A sentence is each string of two words or more, but for the
log, patterns, SQL, and what sentence_exceptions.py names; an f-string is a template with {0},
{1}… in its places. The window finds the template again from the finished words
(`phidesk/viewmodels/sentences.py`), which asks for something between two places.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sentence_exceptions import OF_OTHERS, SHORT, SILENT_FILES, SILENT_STRINGS

_LAYERS = ("core", "protocol", "client", "store", "hardware", "worker")
_TWO_WORDS = re.compile(r"[A-Za-z]{2}[^ ]* +[^ ]*[A-Za-z]{2}|[a-z]{2} +\{|\} +[^ ]*[a-z]{2}")
_SQL = re.compile(
    r"\s*(AND|ALTER TABLE|BEGIN|CREATE|DELETE FROM|INSERT INTO|ORDER BY|PRAGMA|SELECT|UPDATE) "
)
_PATTERN = re.compile(r"\(\?|\\[a-zA-Z.(]|\.[*+]|\.\{\d+,|\[[Bb][a-z]?\]|\w\|\w|%s|%\(")
_CODE = re.compile(r"import |Bearer |blob \{")


def sentences(root: Path) -> tuple[set[str], list[str]]:
    """Return the templates that the layers say, and what is wrong with them or the exceptions."""
    found = set(OF_OTHERS)
    problems, silent = [], set()
    for layer in _LAYERS:
        for path in sorted((root / "phidesk" / layer).rglob("*.py")):
            name = path.relative_to(root / "phidesk").as_posix()
            if name in SILENT_FILES:
                silent.add(name)
                continue
            tree = ast.parse(path.read_text("utf-8"))
            strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
            for word in SHORT.get(name, ()):
                found.add(word)
                if word not in strings:
                    problems.append(f"{name} does not say {word!r} any more")
            for line, template in _templates(tree):
                if template in SILENT_STRINGS:
                    silent.add(template)
                elif re.search(r"\}\{", template):
                    problems.append(f"{name}:{line}: two places side by side: {template!r}")
                else:
                    found.add(template)
    gone = {*SILENT_FILES, *SILENT_STRINGS} - silent
    problems += [f"no exception is needed for {what!r}" for what in sorted(gone)]
    return found, problems


def _templates(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a module, with their lines."""
    skipped = {id(node) for node in _not_shown(tree)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            template = _template(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            template = node.value
        else:
            continue
        is_code = _SQL.match(template) or _CODE.match(template) or _PATTERN.search(template)
        if _TWO_WORDS.search(template) and not is_code:
            yield node.lineno, template.strip()


def _template(node: ast.JoinedStr) -> str:
    """Return an f-string with numbers in its places."""
    parts, count = [], 0
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        else:
            parts.append(f"{{{count}}}")
            count += 1
    return "".join(parts)


def _not_shown(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield strings that nobody sees: documentation, patterns, pieces of f-strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from (part for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            yield node.format_spec
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "add_argument" or ast.unparse(node.func.value) == "re":
                yield from ast.walk(node)
        elif isinstance(node, (ast.AnnAssign, ast.arg)) and node.annotation is not None:
            yield from ast.walk(node.annotation)
