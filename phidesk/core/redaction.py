"""Takes out of a report what it says about its user: names, paths, passwords and tokens."""

import getpass
import platform
import re
import sys
from pathlib import Path, PurePosixPath

_QUOTED = re.compile(r"""(["'“«])((?:~?/|[A-Za-z]:[\\/])[^"'”»\n]*)(["'”»])""")
_BARE = re.compile(
    r"""(?:(?<![\w/.~<>\\])|(?<=-[IL]))((?:file://)?(?:~?/(?![/\s])|[A-Za-z]:[\\/])"""
    r"""(?:(?:[^\s"'“”«»<>|:;,()\[\]{}]|[ ](?![-/~])){1,200}?\.[A-Za-z]\w{0,11}(?![\w./\\-])"""
    r"""|[^\s"'“”«»,;:()\[\]{}<>|]+))"""
)
"""with blanks up to an ending, where one follows"""
_LOGIN = re.compile(r"(?<=://)[^/\s@]+@")
_SECRET = re.compile(
    r"\bhf_\w{8,}|(?<=bearer )\S+|(?<=password[=:])\S+|(?<=api_key[=:])\S+", re.IGNORECASE
)
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,12}")
_LEAST_NAME = 3


def redacted(text: str) -> str:
    """Return the text with "<path>" for each path, but for those inside phidesk and Python.

    The ending of a path stays: it tells what kind of file it was about.
    """
    text = _SECRET.sub("<secret>", _LOGIN.sub("<secret>@", text))
    text = _QUOTED.sub(lambda found: found[1] + _shown(found[2]) + found[3], text)
    text = _BARE.sub(lambda found: _shown(found[1]), text)
    for name, words in ((_user(), "<user>"), (platform.node(), "<machine>")):
        if len(name) >= _LEAST_NAME:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", words, text)
    return text


def _shown(path: str) -> str:
    plain = path.replace("\\", "/").removeprefix("file://")
    for folder, words in _known():
        if plain.startswith(f"{folder}/"):
            return f"{words}{plain[len(folder) :]}"
    suffix = PurePosixPath(plain).suffix
    return f"<path>{suffix}" if _SUFFIX.fullmatch(suffix) else "<path>"


def _known() -> list[tuple[str, str]]:
    """Return the folders whose insides say nothing about the user, the longest first."""
    package = Path(__file__).parents[1]
    known = {
        package.as_posix(): "<phidesk>",
        Path(sys.prefix).as_posix(): "<python>",
        Path(sys.base_prefix).as_posix(): "<python>",
        "/usr/lib": "/usr/lib",
    }
    known.pop("/", None)
    return sorted(known.items(), key=lambda item: -len(item[0]))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a process whose user has no name
        return ""
