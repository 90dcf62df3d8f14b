"""A window's session without a window: chats that go on until the process is killed."""

import asyncio
import contextlib
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from PySide6.QtCore import QCoreApplication

from phidesk.core.chat import GenerationResult, Role
from phidesk.core.conversation import ChatInfo, ChatMessage, Folder, MessageState
from phidesk.viewmodels.chat_keeper import ChatKeeper

TOKEN_S = 0.003


class Said(msgspec.Struct, frozen=True):
    """A message as it was given to the keeper; is_kept: a flush has confirmed it.

    is_gone: it was deleted, or without is_kept: it is about to be.
    """

    id: str
    text: str
    at: float
    is_kept: bool = False
    is_gone: bool = False


class Begun(msgspec.Struct, frozen=True):
    """What was there when the session began: the texts by id; live: answers that nobody writes."""

    texts: dict[str, str]
    live: int


Record = Said | Begun


def run(path: str, out: Connection, seed: int) -> None:
    """Chat until the process is killed."""
    QCoreApplication([])
    with contextlib.suppress(BrokenPipeError):
        asyncio.run(_Session(Path(path), out, random.Random(seed)).run())


class _Session:
    def __init__(self, path: Path, out: Connection, chance: random.Random) -> None:
        self._keeper = ChatKeeper(path)
        self._out = out
        self._chance = chance

    async def run(self) -> None:
        keeper, chance = self._keeper, self._chance
        keeper.open()
        while keeper.is_opening:
            QCoreApplication.processEvents()
            await asyncio.sleep(0.001)
        chats = keeper.chats()
        messages = [message for chat in chats for message in keeper.messages(chat.id)]
        live = [m for m in messages if m.state in (MessageState.WAITING, MessageState.STREAMING)]
        self._out.send(Begun({m.id: m.text for m in messages}, len(live)))
        folder = Folder(name="Kept")
        keeper.keep_folder(folder)
        while True:
            if not chats or chance.random() < 0.3:
                chats.append(ChatInfo(folder=folder.id))
            number = chance.randrange(len(chats))
            chats[number] = await self._turn(chats[number])

    async def _turn(self, chat: ChatInfo) -> ChatInfo:
        """Ask, be answered, and sometimes delete both."""
        question = ChatMessage(parent=chat.leaf, role=Role.USER, text=f"Question {time.time()}")
        chat = msgspec.structs.replace(chat, leaf=question.id, updated=time.time())
        self._keeper.keep_chat(chat)
        self._keeper.keep_message(chat.id, question)
        await self._confirm(question)
        answer = ChatMessage(
            parent=question.id, role=Role.ASSISTANT, state=MessageState.STREAMING, model="model"
        )
        for _ in range(self._chance.randrange(5, 400)):
            answer = msgspec.structs.replace(answer, text=answer.text + "token ")
            self._keeper.keep_message(chat.id, answer)
            self._out.send(Said(answer.id, answer.text, time.monotonic()))
            await asyncio.sleep(TOKEN_S)
        result = GenerationResult(prompt_tokens=9, completion_tokens=len(answer.text) // 6)
        answer = msgspec.structs.replace(answer, state=MessageState.DONE, result=result)
        chat = msgspec.structs.replace(chat, leaf=answer.id)
        self._keeper.keep_message(chat.id, answer)
        self._keeper.keep_chat(chat)
        if self._chance.random() < 0.2:
            for message in (question, answer):
                self._out.send(Said(message.id, message.text, time.monotonic(), is_gone=True))
            self._keeper.forget_messages(chat.id, [question.id, answer.id])
            chat = msgspec.structs.replace(chat, leaf=question.parent)
            self._keeper.keep_chat(chat)
            await self._confirm(question, answer, is_gone=True)
        elif self._chance.random() < 0.5:
            await self._confirm(answer)
        return chat

    async def _confirm(self, *messages: ChatMessage, is_gone: bool = False) -> None:
        if await self._keeper.flush():
            for m in messages:
                self._out.send(Said(m.id, m.text, time.monotonic(), True, is_gone))
