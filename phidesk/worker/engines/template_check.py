"""Looks at the chat templates of a model before an engine gets to see them."""

from collections.abc import Mapping, Sequence
from typing import Any

from phidesk.core.templates import UnreadableTemplateError, read_templates
from phidesk.core.trust import template_findings
from phidesk.protocol.commands import LoadModel
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.template_process import (
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
_VARIABLES = {"bos_token": "<s>", "eos_token": "</s>", "enable_thinking": True}
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


def rehearse(spec: LoadModel, templates: TemplateProcess) -> str:
    """Return the template that chats use, "" for none, after it has ended in each rehearsal.

    Raises EngineError for a template that does not end.
    """
    try:
        found = read_templates(spec.model)
    except UnreadableTemplateError:  # the user agreed; the engine says what it makes of it
        return ""
    for template in found:
        for messages in _REHEARSALS:
            for asks in (True, False):
                check_ends(templates, template.text, messages, asks=asks)
    return next((template.text for template in found if not template.name), "")


def check_ends(
    templates: TemplateProcess,
    template: str,
    messages: Sequence[Mapping[str, Any]],
    *,
    asks: bool = True,
) -> None:
    """Raise EngineError where a template does not end with these messages.

    For an engine that renders templates itself and cannot be stopped there: llama.cpp's own
    renderer is C++, has no Python's insides to give, and knows no limits.
    """
    try:
        templates.render(template, messages, add_generation_prompt=asks, variables=_VARIABLES)
    except (TemplateRefusedError, UnsafeTemplateError):
        return
