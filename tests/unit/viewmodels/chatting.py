"""A chat view-model with a scripted worker and a keeper that remembers what it was told."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence

from phidesk.client.scripted import ScriptedWorkerClient
from phidesk.client.standby import Standby
from phidesk.core.chat import GenerationResult, StopReason
from phidesk.core.conversation import (
    Attachment,
    ChatInfo,
    ChatMessage,
    Folder,
    SearchHit,
    Unfinished,
)
from phidesk.core.estimate_history import EstimateHistory
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.settings import Settings, SettingsFile
from phidesk.hardware.sampler import HardwareSampler
from phidesk.protocol.commands import Cancel, Command, CountTokens, Generate, LoadModel
from phidesk.protocol.events import Cancelled, Counted, Event, Finished, Loaded, Stats, TokenDelta
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.chat_options import ChatOptionsViewModel
from phidesk.viewmodels.context_fit import ContextFit
from phidesk.viewmodels.engine_session import EngineSession
from phidesk.viewmodels.keeper import UnreadableChatError
from phidesk.viewmodels.load_request import LoadRequest
from tests.ui.conftest import until

MODEL = ModelRef(name="Scripted", path="scripted", format=ModelFormat.GGUF, method="gguf")


class MemoryKeeper:
    """Keeps in memory; calls: what it was told, in order."""

    def __init__(self) -> None:
        self.kept_chats: dict[str, ChatInfo] = {}
        self.kept_messages: dict[str, tuple[str, ChatMessage]] = {}
        self.kept_folders: dict[str, Folder] = {}
        self.drafts: dict[str, str] = {}
        self.draft_files: dict[str, tuple[Attachment, ...]] = {}
        self.gone: set[str] = set()
        self.calls: list[str] = []
        self.may_flush = asyncio.Event()
        self.may_flush.set()
        self.is_broken = False

    def chats(self) -> Sequence[ChatInfo]:
        return [c for c in self.kept_chats.values() if c.id not in self.gone]

    def folders(self) -> Sequence[Folder]:
        return list(self.kept_folders.values())

    def messages(self, chat_id: str) -> Sequence[ChatMessage]:
        self.calls.append("messages")
        if self.is_broken:
            raise UnreadableChatError("the disk is gone")
        found = [m for chat, m in self.kept_messages.values() if chat == chat_id]
        return [m for m in found if m.id not in self.gone]

    async def search(self, words: str) -> Sequence[SearchHit]:
        await asyncio.sleep(0.02 if words == "slow" else 0)
        return [SearchHit(chat="c", message=None, snippet=words)]

    def keep_chat(self, info: ChatInfo) -> None:
        self.calls.append("chat")
        self.kept_chats[info.id] = info

    def keep_message(self, chat_id: str, message: ChatMessage) -> None:
        assert chat_id in self.kept_chats
        self.calls.append(f"{message.role.value} {message.state.value}")
        self.kept_messages[message.id] = (chat_id, message)

    def keep_folder(self, folder: Folder) -> None:
        self.kept_folders[folder.id] = folder

    def draft(self, chat_id: str) -> tuple[str, tuple[Attachment, ...]]:
        return self.drafts.get(chat_id, ""), self.draft_files.get(chat_id, ())

    def keep_draft(self, chat_id: str, text: str) -> None:
        self.drafts[chat_id] = text

    def keep_draft_files(self, chat_id: str, attachments: tuple[Attachment, ...]) -> None:
        self.draft_files[chat_id] = attachments

    def unfinished(self) -> Unfinished:
        return Unfinished()

    def forget_chat(self, chat_id: str) -> None:
        self.gone.add(chat_id)

    def restore_chat(self, chat_id: str) -> None:
        self.gone.remove(chat_id)

    def forget_messages(self, chat_id: str, ids: Iterable[str]) -> None:
        self.gone |= set(ids)

    def restore_messages(self, chat_id: str, ids: Iterable[str]) -> None:
        self.gone -= set(ids)

    def forget_folder(self, folder_id: str) -> None:
        del self.kept_folders[folder_id]

    async def flush(self) -> bool:
        await self.may_flush.wait()
        self.calls.append("flush")
        return True


class _Worker(ScriptedWorkerClient):
    """Goes on after an answer was stopped, as the real one does."""

    def send(self, command: Command) -> None:
        if isinstance(command, Cancel):
            task = self._playing.pop(command.job_id, None)
            if task is not None:
                task.cancel()
                self._queue.put_nowait(Cancelled(job_id=command.job_id))
        else:
            super().send(command)


class Chatting:
    """The view-model and all that it stands on.

    says: the pieces of the next answer, "" waits until `goes_on` is set. asked: all requests.
    """

    def __init__(self, keeper: MemoryKeeper | None = None) -> None:
        self.keeper = keeper or MemoryKeeper()
        self.says: list[str] = ["An answer."]
        self.title = "A title"
        self.stops = StopReason.END
        self.goes_on = asyncio.Event()
        self.asked: list[Generate] = []
        self.titles_asked: list[Generate] = []
        self.session = EngineSession(
            Standby(lambda _: _Worker(self._play)),
            HardwareSampler(),
            EstimateHistory(),
            self._agreed,
            self._refusal,
        )
        self.options = ChatOptionsViewModel()
        context = ContextFit(self.session, self.options, Settings(), SettingsFile())
        self.chat = ChatViewModel(self.session, context, self.options, self.keeper)

    def load(self) -> None:
        self.session.load(LoadRequest(MODEL))

    async def say(self, text: str) -> None:
        """Say something and wait for the answer."""
        self.chat.send(text)
        await self.until_answered()

    async def until_answered(self) -> None:
        await until(lambda: not self.chat.is_busy)

    async def until_said(self, text: str) -> None:
        await until(lambda: self.shown().endswith(text))

    def shown(self) -> str:
        thread = self.chat.current.thread
        return " | ".join(thread.entry(row).text for row in range(thread.rowCount()))

    def id_of(self, row: int) -> str:
        return self.chat.current.thread.entry(row).id

    async def shut_down(self) -> None:
        await self.chat.shut_down()
        await self.session.shut_down()

    async def _play(self, command: Command) -> AsyncIterator[Event]:
        if isinstance(command, LoadModel):
            yield Loaded(
                job_id=command.job_id, engine="llamacpp", engine_version="0", device="cpu",
                dtype="q", kernel="q", context_length=512, load_s=0.0, weights_bytes=1,
            )  # fmt: skip
            return
        if isinstance(command, CountTokens):
            yield Counted(job_id=command.job_id, prompt=5)
            return
        assert isinstance(command, Generate)
        is_title = "title" in command.messages[-1].content
        (self.titles_asked if is_title else self.asked).append(command)
        speed = 999.0 if is_title else 50.0
        yield Stats(tokens_per_second=speed, context_used=9, running=1, waiting=0)
        for piece in [self.title] if is_title else list(self.says):
            if piece:
                yield TokenDelta(job_id=command.job_id, text=piece, tokens=1)
            else:
                await self.goes_on.wait()
        result = GenerationResult(prompt_tokens=5, completion_tokens=3, stop_reason=self.stops)
        yield Finished(job_id=command.job_id, result=result)

    async def _agreed(self, _model: object) -> bool:
        return False

    async def _refusal(self, _request: object) -> None:
        return None
