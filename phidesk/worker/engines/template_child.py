"""Renders chat templates: `python -m phidesk.worker.engines.template_child`.

A template is a program by a stranger. It runs in Jinja's sandbox, and the sandbox in this process,
which can open no file, no connection and no other process, and has little memory. Whoever
started it ends it when an answer takes too long.

One request a line on stdin, one answer a line on stdout, both JSON.
"""

import sys

import msgspec

from phidesk.worker.engines.template_messages import Request
from phidesk.worker.engines.template_rendering import Answers

_REHEARSAL = (
    "{{ strftime_now('%d %b') }}",
    "{{ [1]|tojson }}",
    "{{ raise_exception('') }}",
    "{% if",
)
_MOST_BYTES = 1024 * 2**20  # of address space; the libraries take a tenth of it


def main() -> None:
    """Answer until stdin ends."""
    answers = Answers()
    for template in _REHEARSAL:  # what is imported or read late has to come before
        answers.to(Request(template=template, messages=[]))
    _give_up_rights()
    write = sys.stdout.buffer
    write.write(b"ready\n")
    write.flush()
    for line in sys.stdin.buffer:
        answer = answers.to(msgspec.json.decode(line, type=Request))
        write.write(msgspec.json.encode(answer) + b"\n")
        write.flush()


def _give_up_rights() -> None:
    """Have no more memory than a template needs, and open nothing from now on (not on Windows)."""
    if sys.platform == "win32":
        return
    import resource

    for limit, most in (
        (resource.RLIMIT_AS, _MOST_BYTES),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(limit, (most, most))
        except (OSError, ValueError):  # a system that knows no such limit
            continue


if __name__ == "__main__":
    main()
