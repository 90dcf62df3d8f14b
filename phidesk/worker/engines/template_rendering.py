"""Renders chat templates in Jinja's sandbox, without limits of memory."""

import json
import threading
import time
from collections.abc import Callable, ItemsView, Iterator, KeysView, ValuesView
from datetime import datetime
from functools import lru_cache

from jinja2 import Template, TemplateError, nodes, parser
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from phidesk.worker.engines.template_messages import MOST_CHARACTERS, Answer, Request

_MOST_KEPT = 8
_BOUNDED = "_bounded"
_MOST_TURNS = 5_000
_MOST_S = 0.5


class TooMuchError(Exception):
    """The loops of a template go round too often, or over what is no list."""


class Answers:
    """Renders, in any thread; keeps the last templates, compiled.

    With bounds, to() raises TooMuchError where loops take too long or the text gets too large.
    """

    def __init__(self, *, bounded: bool = False) -> None:
        self._environment = environment()
        self._bounds = _Bounds() if bounded else None
        if self._bounds is not None:
            self._environment.filters[_BOUNDED] = self._bounds.turns
            self._environment.finalize = self._bounds.text
        self._compiled = lru_cache(_MOST_KEPT)(self._compile)

    def to(self, request: Request) -> Answer:
        """Return the answer to a request."""
        try:
            text = self._render(request)
        except TooMuchError:
            raise
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

    def _compile(self, text: str) -> Template:
        tree = self._environment.parse(text)
        if self._bounds is not None:
            for loop in tree.find_all(nodes.For):
                loop.iter = nodes.Filter(loop.iter, _BOUNDED, [], [], None, None)
        return self._environment.from_string(tree)

    def _render(self, request: Request) -> str:
        if self._bounds is not None:
            self._bounds.begin()
        return self._compiled(request.template).render(
            messages=request.messages,
            tools=None,
            documents=None,
            add_generation_prompt=request.add_generation_prompt,
            **request.variables,
        )


class _Bounds(threading.local):
    """What one rendering has taken."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin anew."""
        self._turns = self._characters = 0
        self._end = time.monotonic() + _MOST_S

    def turns(self, values: object) -> Iterator[object]:
        """Pass on what a loop goes over."""
        if not isinstance(values, list | tuple | ItemsView | KeysView | ValuesView | Iterator):
            raise TooMuchError
        for value in values:
            self._turns += 1
            if self._turns > _MOST_TURNS or time.monotonic() > self._end:
                raise TooMuchError
            yield value

    def text(self, value: object) -> str:
        """Pass on what is put out."""
        text = str(value)
        self._characters += len(text)
        if self._characters > MOST_CHARACTERS:
            raise TooMuchError
        return text


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
