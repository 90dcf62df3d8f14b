"""The line of downloads while the window closes."""

import asyncio
from pathlib import Path

from phidesk.client.process import ProcessWorkerClient
from phidesk.core.downloads import DownloadPlan
from phidesk.core.hub import Source
from phidesk.core.settings import Settings
from phidesk.viewmodels.download_item import DownloadState
from phidesk.viewmodels.downloads import DownloadsViewModel


def plan(name: str, folder: Path) -> DownloadPlan:
    return DownloadPlan(
        source=Source.HUGGINGFACE,
        endpoint="http://127.0.0.1:9",  # where nobody listens
        repo=f"own/{name}",
        revision="main",
        commit="one",
        variant="",
        files=(),
        folder=str(folder),
    )


async def test_none_begins_once_the_window_closes(tmp_path: Path) -> None:
    answered, begun = asyncio.Event(), []

    async def token_for(_: DownloadPlan) -> str:
        await answered.wait()  # as for a keyring that asks for its password
        return ""

    def spawn(engine: str) -> ProcessWorkerClient:
        begun.append(engine)
        return ProcessWorkerClient()

    downloads = DownloadsViewModel(Settings(downloads_at_once=1), spawn, token_for)
    first, second = (downloads.add(plan(name, tmp_path)) for name in ("a", "b"))
    await asyncio.sleep(0)
    assert (first.state, second.state) == (DownloadState.RUNNING, DownloadState.WAITING)
    closing = asyncio.ensure_future(downloads.shut_down())
    await asyncio.sleep(0)
    answered.set()
    await closing
    assert begun == []
    assert (first.state, second.state) == (DownloadState.PAUSED, DownloadState.PAUSED)
