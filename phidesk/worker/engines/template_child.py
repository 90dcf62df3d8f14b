"""Renders chat templates: `python -m phidesk.worker.engines.template_child`.

A template is a program by a stranger. It runs in Jinja's sandbox, and the sandbox in this process,
which can open no file, no connection and no other process, and has little memory. Whoever
started it ends it when an answer takes too long.

One request a line on stdin, one answer a line on stdout, both JSON.
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime

import msgspec
from jinja2 import Template, TemplateError, nodes, parser
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from phidesk.worker.engines.template_messages import MOST_CHARACTERS, Answer, Request

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


class Answers:
    """Renders; keeps the last template, compiled."""

    def __init__(self) -> None:
        self._environment = _environment()
        self._text = ""
        self._template: Template | None = None

    def to(self, request: Request) -> Answer:
        """Return the answer to a request."""
        try:
            text = self._render(request)
        except SecurityError as error:
            return Answer(unsafe=str(error))
        except (MemoryError, OverflowError):
            return Answer(is_too_large=True)
        except TemplateError as error:
            return Answer(refused=error.message or type(error).__name__)
        except Exception as error:  # the template's own mistakes, of any kind
            return Answer(refused=f"{type(error).__name__}: {error}")
        if len(text) > MOST_CHARACTERS:
            return Answer(is_too_large=True)
        return Answer(text=text)

    def _render(self, request: Request) -> str:
        if self._template is None or self._text != request.template:
            self._template = self._environment.from_string(request.template)
            self._text = request.template
        return self._template.render(
            messages=request.messages,
            tools=None,
            documents=None,
            add_generation_prompt=request.add_generation_prompt,
            **request.variables,
        )


class _Generation(Extension):
    """Knows the tag that marks the model's own words for a training, and passes them on."""

    tags = {"generation"}  # noqa: RUF012 - Jinja's own declaration

    def parse(self, parser: parser.Parser) -> list[nodes.Node]:
        """Return what is inside."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _environment() -> ImmutableSandboxedEnvironment:
    """Return what templates are written for: Transformers' settings, filters and functions."""
    made = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    made.filters["tojson"] = _to_json
    functions: dict[str, Callable[[str], str]] = {
        "raise_exception": _raise,
        "strftime_now": lambda layout: datetime.now().strftime(layout),
    }
    made.globals.update(functions)
    return made


def _to_json(
    value: object,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """Return JSON for a model to read: characters stay what they are."""
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def _raise(message: str) -> str:
    raise TemplateError(message)


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
