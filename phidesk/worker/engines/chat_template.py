"""Writes a conversation as a model's prompt."""

import contextlib
from collections.abc import Sequence
from typing import Any

import msgspec
from transformers import PreTrainedTokenizerBase

from phidesk.core.chat import Message, Role
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.template_process import TemplateProcess, TemplateRefusedError


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """A prompt's token ids, and how many tokens of the context are left for the answer.

    turn_ends: what also ends the answer of a model without a chat template.
    """

    tokens: list[int]
    room: int
    turn_ends: tuple[str, ...] = ()


def write_prompt(
    tokenizer: Any,
    templates: TemplateProcess,
    messages: Sequence[Message],
    context: int,
    *,
    continues: bool = False,
) -> Prompt:
    """Return the prompt; raises EngineError where it leaves no room or the template refuses.

    continues: the last message is the beginning of the answer. It is written below the prompt
    as it is: a template would take its thinking out.
    """
    begun = ""
    if continues:
        *messages, last = messages
        begun = last.content
    tokens, plain = _tokens(tokenizer, templates, messages, begun)
    if len(tokens) >= context:
        raise EngineError(
            FailureKind.CONTEXT_TOO_LONG,
            f"The conversation has {len(tokens):,} tokens, the context holds {context:,}. "
            "Start a new chat, or load the model with a longer context.",
        )
    turn_ends = tuple(f"\n{role.value}:" for role in Role) if plain else ()
    return Prompt(tokens=tokens, room=context - len(tokens), turn_ends=turn_ends)


def count_prompt(tokenizer: Any, templates: TemplateProcess, messages: Sequence[Message]) -> int:
    """Return how many tokens the prompt has, however many the context holds."""
    return len(_tokens(tokenizer, templates, messages)[0])


def count_text(tokenizer: Any, text: str) -> int:
    """Return how many tokens a text has by itself."""
    return len(tokenizer(text, add_special_tokens=False)["input_ids"])


def rehearse(tokenizer: Any, templates: TemplateProcess) -> None:
    """Write a prompt for nobody: what the first one costs is then paid before the first chat."""
    with contextlib.suppress(EngineError):  # the chat tells of it
        _tokens(tokenizer, templates, (Message(role=Role.USER, content="Hello"),))


def render_chat(
    tokenizer: Any,
    templates: TemplateProcess,
    turns: Sequence[dict[str, str]],
    *,
    add_generation_prompt: bool,
) -> str:
    """Return the conversation in the model's own form.

    Raises TemplateRefusedError where its template takes no such conversation, and EngineError
    where the template does what it may not.
    """
    if _writes_itself(tokenizer):
        made = tokenizer.apply_chat_template(
            turns, tokenize=False, add_generation_prompt=add_generation_prompt
        )
        return str(made)
    return templates.render(
        tokenizer.get_chat_template(),
        turns,
        add_generation_prompt=add_generation_prompt,
        variables=tokenizer.special_tokens_map,
    )


def _writes_itself(tokenizer: Any) -> bool:
    """Return whether the library writes the prompt in its own code, and renders no template."""
    method = getattr(type(tokenizer), "apply_chat_template", None)
    return method is not PreTrainedTokenizerBase.apply_chat_template


def _tokens(
    tokenizer: Any, templates: TemplateProcess, messages: Sequence[Message], begun: str = ""
) -> tuple[list[int], bool]:
    """Return the token ids, and whether they lack a chat template ("role: text").

    begun: the beginning of the answer, "" for none.
    """
    turns = [{"role": m.role.value, "content": m.content} for m in messages]
    if not tokenizer.chat_template and not _writes_itself(tokenizer):
        lines = [f"{turn['role']}: {turn['content']}" for turn in turns]
        text = "\n\n".join([*lines, f"{Role.ASSISTANT.value}:{begun}"])
        return list(tokenizer(text)["input_ids"]), True
    try:
        return _chat_tokens(tokenizer, templates, turns, begun), False
    except TemplateRefusedError as error:
        if len(turns) < 2 or turns[0]["role"] != Role.SYSTEM:
            raise _refused(error) from error
    # Some templates (Gemma's first ones) know no system role: the user then says it first.
    system, user, *rest = turns
    user = {"role": user["role"], "content": f"{system['content']}\n\n{user['content']}"}
    try:
        return _chat_tokens(tokenizer, templates, [user, *rest], begun), False
    except TemplateRefusedError as error:
        raise _refused(error) from error


def _chat_tokens(
    tokenizer: Any, templates: TemplateProcess, turns: list[dict[str, str]], begun: str
) -> list[int]:
    if _writes_itself(tokenizer):
        how = {"continue_final_message" if begun else "add_generation_prompt": True}
        answer = [{"role": Role.ASSISTANT.value, "content": begun}] if begun else []
        found = tokenizer.apply_chat_template([*turns, *answer], return_dict=False, **how)
        return list(found)
    text = render_chat(tokenizer, templates, turns, add_generation_prompt=True)
    return list(tokenizer(text + begun, add_special_tokens=False)["input_ids"])


def _refused(error: TemplateRefusedError) -> EngineError:
    return EngineError(
        FailureKind.UNSUPPORTED, f"The model's chat template refuses this conversation: {error}."
    )
