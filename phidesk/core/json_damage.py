"""Where and why a file is no JSON, in words."""

import re

_BYTE = re.compile(r" ?\(byte (\d+)\)")


def line_of(data: bytes, place: int) -> int:
    """Return the line that a byte stands in, from 1."""
    return data.count(b"\n", 0, place) + 1


def json_damage(data: bytes, error: Exception, first_line: int = 1) -> str:
    """Return what is wrong, to be put behind the file's name.

    error: what decoding the data raised, for its form alone. first_line: that of the data.
    """
    before = first_line - 1
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    try:
        data.decode()
    except UnicodeDecodeError as wrong:
        return f"line {before + line_of(data, wrong.start)} is not UTF-8 text"
    found = _BYTE.search(str(error))
    if found is None:  # it ends too soon
        return f"line {before + line_of(data, len(data.rstrip()))} is not JSON: it breaks off"
    why = _BYTE.sub("", str(error)).removeprefix("JSON is malformed: ")
    return f"line {before + line_of(data, int(found[1]))} is not JSON: {why}"
