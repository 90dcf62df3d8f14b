"""The page Get models in the real window, with real workers and a server like the Hub."""

import asyncio
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from phidesk.app import App
from phidesk.core import jobs
from phidesk.core.paths import models_dir
from phidesk.core.settings import SettingsFile
from phidesk.ui.get_models.pane import GetModelsPane
from phidesk.viewmodels.download_item import DownloadItem, DownloadState
from phidesk.viewmodels.hub_search import LookState
from tests.hub_server import Fault, HubServer, Repo, hub_server
from tests.ui.conftest import RunApp, until

GGUF, PLAIN, PICKLES = "tiny/m-GGUF", "tiny/plain", "tiny/pickles"
Q4, Q8, WEIGHTS = "m-Q4_K_M.gguf", "m-Q8_0.gguf", "model.safetensors"
SIZE = 2_000_000


@pytest.fixture
def hub(
    monkeypatch: pytest.MonkeyPatch,
    gguf_bytes: Callable[..., bytes],
    safetensors_bytes: Callable[..., bytes],
) -> Iterator[HubServer]:
    head = gguf_bytes()
    data = head + random.Random(5).randbytes(SIZE - len(head))
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    with hub_server() as server:
        server.repos[GGUF] = Repo({Q4: data, Q8: data * 2, "LICENSE": b"Take it."})
        config = b'{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}'
        server.repos[PLAIN] = Repo({WEIGHTS: safetensors_bytes(), "config.json": config})
        server.repos[PICKLES] = Repo({"pytorch_model.bin": b"p", "run.py": b"evil"})
        monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
        monkeypatch.delenv("HF_TOKEN", raising=False)
        yield server
    keyring.set_keyring(before)
    shutil.rmtree(models_dir(), ignore_errors=True)


def test_from_a_search_to_the_list_of_models(run_app: RunApp, hub: HubServer) -> None:
    async def body(app: App) -> None:
        pane = shown(app)
        assert "cannot run code" in pane.results.words.text()
        await search(app, pane, "m-gguf")
        assert names(pane) == [GGUF]
        await choose(app, pane, GGUF)
        assert [pane.details.variants.item(n).text() for n in range(2)] == ["Q4_K_M", "Q8_0"]
        assert pane.details.variants.currentRow() == 0
        click(pane.details.download)
        (item,) = app.get_models.downloads.items
        await until(lambda: item.state is DownloadState.DONE)
        assert item.path == str(models_dir() / GGUF / Q4)
        assert content(item) == hub.repos[GGUF].files[Q4]
        assert pane.details.download.text() == "Downloaded"
        assert not pane.details.download.isEnabled()
        (card,) = pane.queue.cards
        assert card.words.text() == "Done · 2 MB"
        await until(lambda: app.models.find(item.path) is not None)
        click(card.show_model)
        assert app.window.models_pane.isVisible()
        assert app.models.selected == app.models.find(item.path)
        click(app.window.models_pane.get)
        assert pane.isVisible()
        click(card.remove)
        await until(lambda: not app.get_models.downloads.items)
        assert content(item)
        assert not pane.queue.isVisible()

    run_app(body)


def test_offline_asks_no_more_and_keeps_what_was_found(run_app: RunApp, hub: HubServer) -> None:
    async def body(app: App) -> None:
        pane = shown(app)
        await search(app, pane, "tiny")
        await choose(app, pane, GGUF)
        app.get_models.set_offline(True)
        assert pane.results.list.isVisible()
        assert GGUF in names(pane)
        assert pane.details.variants.count() == 2
        assert not pane.details.download.isEnabled()
        asked = len(hub.requests)
        pane.results.chosen.emit(PLAIN)
        await until(lambda: app.get_models.search.listing_state is LookState.FAILED)
        assert "offline" in pane.details.note.text()
        assert len(hub.requests) == asked
        app.get_models.set_offline(False)
        await choose(app, pane, GGUF)

    run_app(body)


def test_two_at_once_the_third_waits_and_pause_keeps_what_came(
    run_app: RunApp, hub: HubServer
) -> None:
    async def body(app: App) -> None:
        pane, downloads = shown(app), app.get_models.downloads
        hub.fail(Q4, Fault(hold_at=SIZE // 2))
        hub.fail(Q8, Fault(hold_at=SIZE))
        await search(app, pane, "tiny")
        await choose(app, pane, GGUF)
        click(pane.details.download)
        pane.details.variants.setCurrentRow(1)
        click(pane.details.download)
        await choose(app, pane, PLAIN)
        click(pane.details.download)
        first, second, third = downloads.items
        await until(lambda: first.done > SIZE // 2 and second.done > SIZE)
        assert [item.state for item in (first, second, third)] == [
            DownloadState.RUNNING,
            DownloadState.RUNNING,
            DownloadState.WAITING,
        ]
        assert pane.queue.cards[2].words.text().startswith("Waits for its turn")
        assert pane.queue.cards[0].bar.value() in range(490, 510)
        click(pane.queue.cards[0].pause)
        await until(lambda: first.state is DownloadState.PAUSED)
        await until(lambda: third.state is DownloadState.DONE)  # its turn came
        assert pane.queue.cards[0].words.text() == "Paused · 1 MB of 2 MB"
        click(pane.queue.cards[1].remove)
        await until(lambda: second not in downloads.items)
        assert not second.plan.partial.exists()
        hub.release.set()
        click(pane.queue.cards[0].go)
        await until(lambda: first.state is DownloadState.DONE)
        assert hub.asked(Q4)[1].sent == SIZE // 2
        assert content(first) == hub.repos[GGUF].files[Q4]

    run_app(body)


def test_what_a_closed_window_left_is_listed_and_goes_on(run_app: RunApp, hub: HubServer) -> None:
    async def first_window(app: App) -> None:
        item = await started(app, hub, Q4)
        await until(lambda: item.done > SIZE // 2)

    async def second_window(app: App) -> None:
        pane = shown(app)
        await until(lambda: bool(app.get_models.downloads.items))
        (item,) = app.get_models.downloads.items
        await until(lambda: item.done > 0)
        assert item.state is DownloadState.PAUSED
        before = len(hub.requests)
        await asyncio.sleep(0.3)
        assert len(hub.requests) == before  # nothing starts by itself
        hub.release.set()
        click(pane.queue.cards[0].go)
        await until(lambda: item.state is DownloadState.DONE)
        assert hub.asked(Q4)[1].sent == SIZE // 2
        assert content(item) == hub.repos[GGUF].files[Q4]

    run_app(first_window)
    run_app(second_window)


def test_a_killed_worker_is_told_and_can_be_resumed(run_app: RunApp, hub: HubServer) -> None:
    async def body(app: App) -> None:
        item = await started(app, hub, Q4)
        card = app.window.get_models_pane.queue.cards[0]
        await until(lambda: item.done > SIZE // 2)
        assert item._job is not None
        assert item._job._client is not None
        assert item._job._client.pid is not None
        os.kill(item._job._client.pid, 9)
        await until(lambda: item.state is DownloadState.FAILED)
        assert "SIGKILL" in card.error.text()
        assert "chat" not in card.error.text()
        assert card.go.accessibleName() == "Try again"
        hub.release.set()
        click(card.go)
        await until(lambda: item.state is DownloadState.DONE)
        assert hub.asked(Q4)[1].sent == SIZE // 2

    run_app(body)


def test_what_is_being_deleted_cannot_go_on(run_app: RunApp, hub: HubServer) -> None:
    async def body(app: App) -> None:
        downloads = app.get_models.downloads
        told: list[str] = []
        downloads.failed.connect(told.append)
        item = await started(app, hub, Q4)
        card = app.window.get_models_pane.queue.cards[0]
        await until(lambda: item.done > SIZE // 2)
        item.pause()
        await until(lambda: item.state is DownloadState.PAUSED)
        with jobs.locked(item.plan.out):  # as another phidesk may hold it
            downloads.remove(item)
            await until(lambda: bool(told))
        assert "cannot be deleted" in told[0]
        assert card.words.text().startswith("Paused")
        before = len(hub.requests)
        downloads.remove(item)
        await asyncio.sleep(0)
        assert card.words.text() == "Deleting what came…"
        downloads.resume(item)
        downloads.remove(item)
        assert downloads.add(item.plan) is item
        assert "is being deleted" in told[1]
        assert item.state is DownloadState.REMOVING
        await until(lambda: not downloads.items)
        assert not item.plan.partial.exists()
        assert len(hub.requests) == before
        assert len(told) == 2

    run_app(body)


def test_a_download_is_removed_while_it_runs(run_app: RunApp, hub: HubServer) -> None:
    async def body(app: App) -> None:
        item = await started(app, hub, Q4)
        card = app.window.get_models_pane.queue.cards[0]
        await until(lambda: item.done > SIZE // 2)
        states: list[DownloadState] = []
        item.state_changed.connect(lambda: states.append(item.state))
        click(card.remove)
        await until(lambda: not app.get_models.downloads.items)
        assert states == [DownloadState.REMOVING]
        assert not item.plan.partial.exists()

    run_app(body)


def test_a_damaged_file_is_told_and_fetched_anew(run_app: RunApp, hub: HubServer) -> None:
    async def body(app: App) -> None:
        item = await started(app, hub, Q4, Fault(spoil=True))
        card = app.window.get_models_pane.queue.cards[0]
        await until(lambda: item.state is DownloadState.FAILED)
        assert "arrived damaged" in card.error.text()
        click(card.go)
        await until(lambda: item.state is DownloadState.DONE)
        assert not card.error.isVisible()

    run_app(body)


def test_offline_stops_all_and_opens_no_connection(run_app: RunApp, hub: HubServer) -> None:
    async def body(app: App) -> None:
        pane = app.window.get_models_pane
        item = await started(app, hub, Q4)
        await until(lambda: item.done > SIZE // 2)
        click(pane.fold)
        pane.connection.offline.click()
        await until(lambda: item.state is DownloadState.PAUSED)
        assert SettingsFile().load().offline
        before = len(hub.requests)
        hub.release.set()
        assert not pane.button.isEnabled()
        QTest.keyClick(pane.field, Qt.Key.Key_Return)
        app.get_models.search.search("tiny")
        app.get_models.search.open(GGUF)
        app.get_models.download()
        click(pane.queue.cards[0].go)
        assert "phidesk is offline" in pane.banner.text
        await until(lambda: app.get_models.search.state is LookState.FAILED)
        await asyncio.sleep(0.3)
        assert len(hub.requests) == before
        assert item.state is DownloadState.PAUSED
        assert "nothing goes out" in pane.results.words.text()
        click(pane.results.act)
        assert not SettingsFile().load().offline
        click(pane.queue.cards[0].go)
        await until(lambda: item.state is DownloadState.DONE)

    run_app(body)


def test_what_cannot_be_had_says_why(run_app: RunApp, hub: HubServer) -> None:
    hub.repos["tiny/huge"] = Repo({WEIGHTS: b"w" * 20_000}, claims={WEIGHTS: 10**16})

    async def body(app: App) -> None:
        pane = shown(app)
        await search(app, pane, "nothing like it")
        assert "has nothing for “nothing like it”" in pane.results.words.text()
        await search(app, pane, "tiny")
        await choose(app, pane, PICKLES)
        assert "neither safetensors nor GGUF" in pane.details.note.text()
        assert not pane.details.download.isVisible()
        await choose(app, pane, "tiny/huge")
        assert not pane.details.download.isEnabled()
        assert "still needs 10000.00 TB" in pane.details.needs.text()
        pane.field.setText("https://example.org/a/b")
        click(pane.button)
        assert "no page of the Hugging Face Hub" in pane.results.words.text()
        await search(app, pane, f"https://huggingface.co/{PLAIN}/tree/main")
        await until(lambda: pane.details.download.isVisible())
        assert names(pane) == [PLAIN]

    run_app(body)


def test_a_token_without_a_keyring_lasts_as_long_as_the_window(
    run_app: RunApp, hub: HubServer
) -> None:
    async def body(app: App) -> None:
        pane = shown(app)
        click(pane.fold)
        await until(lambda: "None is needed" in pane.connection.kept.text())
        pane.connection.token.setText("hf_secret")
        click(pane.connection.save)
        await until(lambda: "has no keyring" in pane.connection.kept.text())
        assert pane.connection.token.text() == ""
        await search(app, pane, "tiny")
        assert not any("secret" in str(request.headers) for request in hub.requests)
        click(pane.connection.forget)
        await until(lambda: "None is needed" in pane.connection.kept.text())

    run_app(body)


def shown(app: App) -> GetModelsPane:
    app.models.start("starter")
    app.window.show()
    app.window.show_get_models()
    pane = app.window.get_models_pane
    assert pane.isVisible()
    return pane


async def started(app: App, hub: HubServer, file: str, fault: Fault | None = None) -> DownloadItem:
    """Begin the download of the usual variant; without another fault, the server holds at half."""
    hub.fail(file, fault or Fault(hold_at=SIZE // 2))
    pane = shown(app)
    app.get_models.search.open(GGUF)
    await until(lambda: app.get_models.search.listing_state is LookState.ANSWERED)
    click(pane.details.download)
    (item,) = app.get_models.downloads.items
    return item


async def search(app: App, pane: GetModelsPane, text: str) -> None:
    pane.field.setText(text)
    click(pane.button)
    await until(lambda: app.get_models.search.state is LookState.ANSWERED)


async def choose(app: App, pane: GetModelsPane, repo: str) -> None:
    row = names(pane).index(repo)
    pane.results.list.setCurrentIndex(pane.results.list.model().index(row, 0))
    await until(lambda: app.get_models.search.listing_state is LookState.ANSWERED)
    assert pane.details.title.text().replace("\u200b", "") == repo


def names(pane: GetModelsPane) -> list[str]:
    model = pane.results.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def content(item: DownloadItem) -> bytes:
    return Path(item.path).read_bytes()


def click(button: QAbstractButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
