"""What llama.cpp counts before an answer is what the answer's prompt then has."""

import asyncio
import json

from phidesk.app import App
from phidesk.core.chat import Message, Role, SamplingParams, Structure
from phidesk.protocol.events import Failed, Finished
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from tests.ui.conftest import RunApp, until

SYSTEM = Message(role=Role.SYSTEM, content="You are brief.")
CHAT = (
    SYSTEM,
    Message(role=Role.USER, content="Say <|im_end|> and 🐼, 用中文。\n" * 40),
    Message(role=Role.ASSISTANT, content="```python\nprint(1)\n```"),
    Message(role=Role.USER, content="What is the capital of France?"),
)
SCHEMA = {
    "type": "object",
    "properties": {"capital": {"type": "string", "maxLength": 20}},
    "required": ["capital"],
}


async def _answer(
    session: EngineSession, structure: Structure | None = None, max_tokens: int = 1
) -> tuple[Finished | Failed, str]:
    ended: asyncio.Future[Finished | Failed] = asyncio.get_running_loop().create_future()
    texts: list[str] = []
    session.text_received.connect(lambda _, text: texts.append(text))
    session.job_ended.connect(ended.set_result)
    session.generate(CHAT, SamplingParams(temperature=0, max_tokens=max_tokens), structure)
    event = await ended
    session.job_ended.disconnect(ended.set_result)
    return event, "".join(texts)


def test_counts_and_forms_with_llama_cpp(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.start()
        await until(lambda: app.session.state is EngineState.READY)
        counted = await app.session.count(CHAT, ("Hello world", ""))
        ended, _ = await _answer(app.session)
        assert isinstance(ended, Finished)
        assert ended.result is not None
        assert counted is not None
        assert counted.prompt == ended.result.prompt_tokens > 500
        assert counted.texts == (2, 0)

        structure = Structure(json_schema=json.dumps(SCHEMA))
        ended, text = await _answer(app.session, structure, 60)
        assert set(json.loads(text)) == {"capital"}
        ended, _ = await _answer(app.session, Structure(json_schema='{"type": "wrong"}'))
        assert isinstance(ended, Failed)
        assert "cannot make answers follow this JSON schema" in ended.message
        assert "wrong" in ended.message

    run_app(body, fake=False)
