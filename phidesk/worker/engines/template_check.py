"""Looks at the chat templates of a model before an engine gets to see them."""

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from phidesk.core.templates import UnreadableTemplateError, read_templates, special_tokens
from phidesk.core.trust import template_findings
from phidesk.protocol.commands import LoadModel
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.template_process import (
    RENDER_S,
    TemplateProcess,
    TemplateRefusedError,
    UnsafeTemplateError,
)

_TEXT: list[dict[str, Any]] = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Hello"},
    {"role": "assistant", "content": "Hi"},
    {"role": "user", "content": "How are you?"},
]
_PARTS: list[dict[str, Any]] = [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}]
_REHEARSALS = (_TEXT, _TEXT[:2], _TEXT[1:], _TEXT[1:2], _PARTS)


def check_templates(spec: LoadModel) -> None:
    """Raise EngineError(ODD_TEMPLATE) for what is odd, unless the user agreed to it."""
    if spec.without_code:
        return
    findings = template_findings(spec.model)
    if findings:
        what = "; ".join(f"{finding.what} ({finding.where})" for finding in findings)
        raise EngineError(
            FailureKind.ODD_TEMPLATE,
            f"“{spec.model.name}” has something odd in its chat template, a small program that "
            f"writes the prompts. {what}. {findings[0].why} Load the model if you trust its "
            "author all the same: the template then runs without files and within limits.",
        )


class TemplateGuard:
    """For an engine that renders templates itself and cannot be stopped there.

    llama.cpp's own renderer is C++: it has none of Python's insides to give, but knows no limits.
    """

    def __init__(self, limit_s: float = RENDER_S) -> None:
        self._process = TemplateProcess(limit_s, always_apart=True)
        self._template = ""
        self._variables: dict[str, Any] = {}

    def check(self, spec: LoadModel) -> None:
        """Refuse an odd template, and one that does not end in each rehearsal.

        Raises EngineError.
        """
        self._process.start()
        check_templates(spec)
        try:
            found = read_templates(spec.model)
        except UnreadableTemplateError:  # the user agreed; the engine says what it makes of it
            return
        # The model's own tokens: a template could know by others that it is only tried.
        none = {"bos_token": "", "eos_token": ""}
        tokens = special_tokens(Path(spec.model.path)) if found else {}
        self._variables = none | tokens | {"enable_thinking": True}
        for template in found:
            for messages in _REHEARSALS:
                for asks in (True, False):
                    self._try(template.text, messages, asks=asks)
        self._template = next((template.text for template in found if not template.name), "")

    def check_messages(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Raise EngineError where the model's template does not end with these messages."""
        if self._template:
            self._try(self._template, messages, asks=True)

    def close(self) -> None:
        """End the process that renders."""
        self._process.close()

    def _try(self, template: str, messages: Sequence[Mapping[str, Any]], *, asks: bool) -> None:
        with contextlib.suppress(TemplateRefusedError, UnsafeTemplateError):
            self._process.render(
                template, messages, add_generation_prompt=asks, variables=self._variables
            )
