"""Renders chat templates in Jinja's sandbox, without limits of time or memory."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from jinja2 import TemplateError, nodes, parser
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from phidesk.worker.engines.template_messages import MOST_CHARACTERS, Answer, Request

_MOST_KEPT = 8


class Answers:
    """Renders, in any thread; keeps the last templates, compiled."""

    def __init__(self) -> None:
        self._compiled = lru_cache(_MOST_KEPT)(environment().from_string)

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
        return self._compiled(request.template).render(
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


def environment() -> ImmutableSandboxedEnvironment:
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
