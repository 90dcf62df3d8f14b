"""Downloads in a real worker from a server that behaves like the Hub: what arrives, whatever
happens."""

import asyncio
import json
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from phidesk.client.process import DOWNLOAD_PURPOSE, ProcessWorkerClient
from phidesk.core.catalog import open_model, scan
from phidesk.core.downloads import (
    DownloadPlan,
    DownloadState,
    discard,
    kept_bytes,
    plan_of,
    save_state,
    unfinished,
)
from phidesk.core.files import size_of
from phidesk.core.hub import RepoListing, Source
from phidesk.core.hub_files import ORIGIN_FILE, SAFETENSORS, including, preselected, variants_of
from phidesk.core.origin import Origin, read_origin, write_origin
from phidesk.protocol.commands import Cancel, Download, ListRepo, SearchHub
from phidesk.protocol.events import (
    Cancelled,
    Downloaded,
    Event,
    Failed,
    FailureKind,
    Finished,
    Progress,
    RepoListed,
    ReposFound,
)
from tests.hub_server import COMMIT, Fault, HubServer, Repo, hub_server
from tests.process.scripts import until_end

pytestmark = pytest.mark.asyncio(loop_scope="module")
TOKEN = "hf_secret"  # noqa: S105 - it opens nothing
REPO, GGUF_REPO = "tiny/model-1.5", "tiny/model-GGUF"
WEIGHTS, Q4 = "model.safetensors", "model-Q4_K_M.gguf"
SIZE = 4_000_000
HALF = SIZE // 2


@pytest.fixture
def weights(safetensors_bytes: Callable[..., bytes]) -> bytes:
    data = SIZE - 8 - 80
    header = json.dumps({"w": {"dtype": "U8", "shape": [data], "data_offsets": [0, data]}})
    head = safetensors_bytes(header=header.encode().ljust(80), data=0)
    return head + random.Random(7).randbytes(data)


@pytest.fixture
def hub(weights: bytes, gguf_bytes: Callable[..., bytes]) -> Iterator[HubServer]:
    with hub_server() as server:
        server.repos[REPO] = Repo(
            {
                "config.json": b'{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}',
                "tokenizer.json": b"{}",
                "LICENSE": b"Do what you like.",
                WEIGHTS: weights,
                "pytorch_model.bin": b"pickle",
                "modeling_evil.py": b"print('evil')",
            }
        )
        whole = gguf_bytes() + random.Random(8).randbytes(50_000)
        server.repos[GGUF_REPO] = Repo(
            {Q4: whole, "model-Q8_0.gguf": whole * 2, "README.md": b"# Read me"}
        )
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> AsyncIterator[ProcessWorkerClient]:
    """One worker for all that leave it alive."""
    made = ProcessWorkerClient()
    await made.start()
    yield made
    made.kill()
    await made.close()


@pytest.mark.parametrize("source", Source)
async def test_a_model_is_found_listed_and_fetched(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path, source: Source
) -> None:
    search = SearchHub(job_id="s", source=source, endpoint=hub.endpoint, text="MODEL-1")
    (found,) = [e for e in await asked(client, search) if isinstance(e, ReposFound)]
    (summary,) = found.repos
    assert (summary.repo, summary.licence, summary.parameters) == (REPO, "apache-2.0", 1000)
    listing = await listed(client, hub, REPO, source)
    assert (listing.commit, listing.licence) == (COMMIT, "apache-2.0")
    plan = planned(listing, tmp_path)
    assert plan.total == sum(
        len(hub.repos[REPO].files[f]) for f in ("config.json", "tokenizer.json", "LICENSE", WEIGHTS)
    )
    events = await fetched(client, plan)
    (done,) = (e for e in events if isinstance(e, Downloaded))
    folder = tmp_path / REPO
    assert (done.path, done.size_bytes, done.fetched_bytes) == (str(folder), plan.total, plan.total)
    assert_same(folder, hub.repos[REPO].files)
    assert {p.name for p in folder.iterdir()} == {
        "config.json", "tokenizer.json", "LICENSE", WEIGHTS, ORIGIN_FILE,
    }  # fmt: skip
    (model,) = scan(tmp_path)
    assert (model.path, model.problem, model.concerns) == (str(folder), "", ())
    origin = read_origin(folder)
    assert origin is not None
    assert (origin.source, origin.repo, origin.commit) == (source, REPO, COMMIT)
    assert unfinished(tmp_path) == []
    assert [p.name for p in (tmp_path / "tiny").iterdir()] == ["model-1.5"]
    progress = [e.done for e in events if isinstance(e, Progress)]
    assert progress[-1] == plan.total


@pytest.mark.parametrize("source", Source)
async def test_kill_9_at_half_then_it_goes_on_from_there(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path, source: Source
) -> None:
    plan = planned(await listed(client, hub, REPO, source), tmp_path)
    hub.fail(WEIGHTS, Fault(hold_at=HALF))
    victim = ProcessWorkerClient(arguments=DOWNLOAD_PURPOSE)
    await victim.start()
    victim.send(Download(job_id="d", plan=plan))
    await kept(plan, HALF)
    assert victim.pid is not None
    os.kill(victim.pid, 9)
    end = (await until_end(victim.events(), "d"))[-1]
    await victim.close()
    assert isinstance(end, Failed)
    assert end.kind is FailureKind.WORKER_DIED
    assert end.message.startswith("The download process was ended")
    assert not plan.target.exists()
    assert list(scan(tmp_path)) == []  # no half a model
    assert unfinished(tmp_path) == [plan]
    hub.release.set()
    events = await fetched(client, plan)
    (done,) = (e for e in events if isinstance(e, Downloaded))
    assert done.fetched_bytes == SIZE - HALF
    assert_same(plan.target, hub.repos[REPO].files)
    first, second = hub.asked(WEIGHTS)
    assert "Range" not in first.headers
    assert second.headers["Range"] == f"bytes={HALF}-"
    assert second.sent == SIZE - HALF
    assert len(hub.asked("config.json")) == 1  # what was whole is not asked for again
    assert unfinished(tmp_path) == []


async def test_cancel_keeps_what_came_and_discard_removes_it(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path
) -> None:
    plan = planned(await listed(client, hub, REPO), tmp_path)
    hub.fail(WEIGHTS, Fault(hold_at=HALF))
    victim = ProcessWorkerClient()
    await victim.start()
    victim.send(Download(job_id="d", plan=plan))
    await kept(plan, HALF)
    with pytest.raises(OSError, match="still being made"):
        discard([plan])
    assert unfinished(tmp_path) == []  # it runs
    victim.send(Cancel(job_id="d"))
    assert isinstance((await until_end(victim.events(), "d"))[-1], Cancelled)
    await victim.close()
    assert unfinished(tmp_path) == [plan]
    discard([plan])
    assert files_below(tmp_path) == []


async def test_a_dropped_line_is_taken_up_again(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path
) -> None:
    plan = planned(await listed(client, hub, REPO), tmp_path)
    hub.fail(WEIGHTS, Fault(drop_at=1_000_000), Fault(drop_at=3_000_000))
    events = await fetched(client, plan)
    assert isinstance(events[-1], Finished)
    assert_same(plan.target, hub.repos[REPO].files)
    # What was on the line when it was cut may be lost, but nothing that came before.
    assert SIZE <= hub.sent(WEIGHTS) < SIZE + 300_000
    waits = [e.text for e in events if isinstance(e, Progress) and e.stage == "waiting"]
    assert len(waits) == 2
    assert "lost" in waits[0]


async def test_a_busy_server_is_given_the_time_it_asks_for(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path
) -> None:
    plan = planned(await listed(client, hub, REPO), tmp_path)
    hub.fail("config.json", Fault(status=429, headers={"Retry-After": "2"}))
    events = await fetched(client, plan)
    assert isinstance(events[-1], Finished)
    waits = [e.text for e in events if isinstance(e, Progress) and e.stage == "waiting"]
    assert len(waits) == 1
    assert "(429); next try in 2 s" in waits[0]


async def test_a_wrong_checksum_is_told_and_the_part_thrown_away(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path
) -> None:
    plan = planned(await listed(client, hub, REPO), tmp_path)
    for name, algorithm in (("config.json", "git SHA-1"), (WEIGHTS, "SHA-256")):
        hub.fail(name, Fault(spoil=True))
        failed = (await fetched(client, plan))[-1]
        assert isinstance(failed, Failed)
        assert failed.kind is FailureKind.CORRUPT_FILE
        assert name in failed.message
        assert algorithm in failed.message
        assert not [path for path in files_below(tmp_path) if name in path]
        assert list(scan(tmp_path)) == []
    events = await fetched(client, plan)
    assert isinstance(events[-1], Finished)
    assert_same(plan.target, hub.repos[REPO].files)


async def test_a_server_without_ranges_sends_it_all_again(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path
) -> None:
    plan = planned(await listed(client, hub, REPO), tmp_path)
    hub.fail(WEIGHTS, Fault(drop_at=HALF), Fault(whole=True))
    assert isinstance((await fetched(client, plan))[-1], Finished)
    assert hub.asked(WEIGHTS)[1].sent == SIZE
    assert_same(plan.target, hub.repos[REPO].files)


async def test_a_new_commit_keeps_the_parts_of_files_that_stayed(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path
) -> None:
    before = planned(await listed(client, hub, REPO), tmp_path)
    hub.fail(WEIGHTS, Fault(hold_at=HALF))
    victim = ProcessWorkerClient()
    await victim.start()
    victim.send(Download(job_id="d", plan=before))
    await kept(before, HALF)
    victim.kill()
    await victim.close()
    repo = hub.repos[REPO]
    repo.commit, repo.files["config.json"] = "beef" * 10, b'{"model_type": "llama", "new": 1}'
    plan = planned(await listed(client, hub, REPO), tmp_path)
    assert isinstance((await fetched(client, plan))[-1], Finished)
    assert_same(plan.target, repo.files)
    assert hub.asked(WEIGHTS)[-1].sent == SIZE - HALF
    assert len(hub.asked("LICENSE")) == 1


async def test_a_branch_that_moved_on_is_told(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path
) -> None:
    plan = planned(await listed(client, hub, REPO, Source.MODELSCOPE), tmp_path)
    hub.fail(WEIGHTS, Fault(hold_at=HALF, drop_at=HALF + 1))
    client.send(Download(job_id="d", plan=plan))
    await kept(plan, HALF)
    data = hub.repos[REPO].files[WEIGHTS]
    # What comes now is of the new commit, and is not what was listed.
    hub.repos[REPO].files[WEIGHTS] = data[:-1] + bytes([data[-1] ^ 1])
    hub.release.set()
    failed = (await until_end(client.events(), "d"))[-1]
    for _ in range(2):  # and as often as it is resumed
        assert isinstance(failed, Failed)
        assert failed.kind is FailureKind.NOT_FOUND
        assert "Look the model up again" in failed.message
        failed = (await fetched(client, plan))[-1]
    assert plan.whole(plan.files[0]).exists()
    plan = planned(await listed(client, hub, REPO, Source.MODELSCOPE), tmp_path)
    assert isinstance((await fetched(client, plan))[-1], Finished)
    assert_same(plan.target, hub.repos[REPO].files)
    assert len(hub.asked("config.json")) == 1  # what stayed the same is kept


async def test_the_token_of_the_hub_is_not_sent_to_a_mirror(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path
) -> None:
    hub.repos[REPO].gated = "manual"
    source, endpoint = Source.HUGGINGFACE, hub.endpoint
    search = SearchHub(job_id="s", source=source, endpoint=endpoint, text="model", token=TOKEN)
    await asked(client, search)
    look = ListRepo(job_id="l", source=source, endpoint=endpoint, repo=REPO, token=TOKEN)
    events = await asked(client, look)
    (listing,) = (e.listing for e in events if isinstance(e, RepoListed))
    assert listing.gated
    plan = planned(listing, tmp_path)
    failed = (await asked(client, Download(job_id="d", plan=plan, token=TOKEN)))[-1]
    assert isinstance(failed, Failed)
    assert failed.kind is FailureKind.GATED
    assert "never to a mirror" in failed.message
    assert len(hub.requests) >= 3
    assert not any("secret" in str(request.headers) for request in hub.requests)
    assert "secret" not in client.log_tail() + failed.message + failed.details


@pytest.mark.parametrize(
    ("source", "repo", "revision", "words"),
    [
        (Source.HUGGINGFACE, "tiny/none", "", "needs an access token"),
        (Source.HUGGINGFACE, REPO, "v9", "no revision “v9”"),
        (Source.MODELSCOPE, "tiny/none", "", "no “tiny/none” on ModelScope"),
    ],
)
async def test_what_is_not_there_is_told(
    client: ProcessWorkerClient,
    hub: HubServer,
    source: Source,
    repo: str,
    revision: str,
    words: str,
) -> None:
    command = ListRepo(
        job_id="l", source=source, endpoint=hub.endpoint, repo=repo, revision=revision
    )
    failed = (await asked(client, command))[-1]
    assert isinstance(failed, Failed)
    assert words in failed.message


async def test_a_server_that_is_not_there_is_told(
    client: ProcessWorkerClient, hub: HubServer
) -> None:
    hub.close()
    command = ListRepo(job_id="l", source=Source.HUGGINGFACE, endpoint=hub.endpoint, repo=REPO)
    failed = (await asked(client, command))[-1]
    assert isinstance(failed, Failed)
    assert failed.kind is FailureKind.NETWORK
    assert "127.0.0.1 cannot be reached" in failed.message


async def test_a_gguf_variant_goes_beside_another(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path
) -> None:
    listing = await listed(client, hub, GGUF_REPO)
    small, large = variants_of(listing.files)
    assert (small.name, large.name) == ("Q4_K_M", "Q8_0")
    assert preselected([small, large]) is small
    for variant, file in ((small, Q4), (large, "model-Q8_0.gguf")):
        events = await fetched(client, plan_of(listing, variant, tmp_path))
        (done,) = (e for e in events if isinstance(e, Downloaded))
        assert done.path == str(tmp_path / GGUF_REPO / file)
        assert open_model(done.path).problem == ""
    assert_same(tmp_path / GGUF_REPO, hub.repos[GGUF_REPO].files)
    origin = read_origin(tmp_path / GGUF_REPO / Q4)
    assert origin is not None
    assert set(origin.files) == {Q4, "model-Q8_0.gguf", "README.md"}
    before = len(hub.requests)
    events = await fetched(client, plan_of(listing, small, tmp_path))  # all is there
    assert isinstance(events[-1], Finished)
    assert len(hub.requests) == before


async def test_a_file_of_the_user_is_not_overwritten(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path
) -> None:
    mine = tmp_path / REPO / "config.json"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    plan = planned(await listed(client, hub, REPO), tmp_path)
    failed = (await fetched(client, plan))[-1]
    assert isinstance(failed, Failed)
    assert "another file of the same name" in failed.message
    assert mine.read_text() == "mine"
    origin = Origin(
        source=Source.HUGGINGFACE, endpoint="", repo=REPO, commit="old", files={"config.json": ""}
    )
    write_origin(mine.parent, origin)  # now it is an older revision, not the user's
    assert isinstance((await fetched(client, plan))[-1], Finished)
    assert_same(plan.target, hub.repos[REPO].files)


async def test_an_update_leaves_no_parts_of_the_old_commit(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path
) -> None:
    repo = hub.repos[REPO]
    old = {f"model-0000{n}-of-00002.safetensors": repo.files[WEIGHTS] for n in (1, 2)}
    new = {WEIGHTS: repo.files.pop(WEIGHTS)}
    repo.files |= old
    await fetched(client, planned(await listed(client, hub, REPO), tmp_path))
    (tmp_path / REPO / "mine.safetensors").write_bytes(b"mine")
    for name in old:
        del repo.files[name]
    repo.files |= new
    repo.commit = "beef" * 10
    await fetched(client, planned(await listed(client, hub, REPO), tmp_path))
    folder = tmp_path / REPO
    assert [p for p in files_below(folder) if "safetensors" in p] == ["mine.safetensors", WEIGHTS]
    origin = read_origin(folder)
    assert origin is not None
    assert set(origin.files) == {"config.json", "tokenizer.json", "LICENSE", WEIGHTS}
    assert origin.commit == repo.commit


async def test_the_branch_of_the_hub_s_name_is_found_on_modelscope(
    client: ProcessWorkerClient, hub: HubServer
) -> None:
    command = ListRepo(
        job_id="l",
        source=Source.MODELSCOPE,
        endpoint=hub.endpoint,
        repo=REPO,
        revision="main",
    )
    (event,) = (e for e in await asked(client, command) if isinstance(e, RepoListed))
    assert event.listing.revision == "master"


async def test_too_small_a_disk_is_told_before_the_start(
    client: ProcessWorkerClient, hub: HubServer, small_disk: Path
) -> None:
    plan = planned(await listed(client, hub, REPO), small_disk)
    failed = (await fetched(client, plan))[-1]
    assert isinstance(failed, Failed)
    assert failed.kind is FailureKind.DISK_FULL
    assert "still needs 4.0 MB" in failed.message
    assert hub.asked(WEIGHTS) == []


async def test_a_disk_that_fills_up_keeps_the_part(
    client: ProcessWorkerClient, hub: HubServer, small_disk: Path
) -> None:
    repo = hub.repos[REPO]
    repo.files[WEIGHTS] = repo.files[WEIGHTS][:2_000_000]
    plan = planned(await listed(client, hub, REPO), small_disk)
    hub.fail(WEIGHTS, Fault(hold_at=1_000_000))
    client.send(Download(job_id="d", plan=plan))
    await kept(plan, 1_000_000)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(1_500_000))
    hub.release.set()
    failed = (await until_end(client.events(), "d"))[-1]
    assert isinstance(failed, Failed)
    assert failed.kind is FailureKind.DISK_FULL
    assert "is kept" in failed.message
    assert kept_bytes(plan) >= 1_000_000
    filler.unlink()
    events = await fetched(client, plan)
    assert isinstance(events[-1], Finished)
    (done,) = (e for e in events if isinstance(e, Downloaded))
    assert done.fetched_bytes <= 1_000_000
    assert_same(plan.target, repo.files)


async def test_what_came_of_chosen_files_counts_where_others_are_in_place(
    client: ProcessWorkerClient, hub: HubServer, small_disk: Path
) -> None:
    files = hub.repos[REPO].files
    files[WEIGHTS] = files[WEIGHTS][:2_000_000]
    listing = await listed(client, hub, REPO)
    chosen = including(listing.files, [WEIGHTS])
    assert chosen is not None
    plan = plan_of(listing, chosen, small_disk)
    plan.target.mkdir(parents=True)
    (plan.target / "config.json").write_bytes(files["config.json"])
    (weights,) = (file for file in plan.files if file.path == WEIGHTS)
    plan.part(weights).parent.mkdir(parents=True)
    plan.part(weights).write_bytes(files[WEIGHTS][:1_800_000])
    save_state(DownloadState(plan=plan))
    events = await fetched(client, plan)
    (done,) = (e for e in events if isinstance(e, Downloaded))
    assert done.fetched_bytes < 300_000
    assert_same(plan.target, files)


async def test_names_that_lead_out_of_the_folder_are_refused(
    client: ProcessWorkerClient, hub: HubServer, tmp_path: Path
) -> None:
    plan = planned(await listed(client, hub, REPO), tmp_path)
    for changes in (
        {"files": (msgspec.structs.replace(plan.files[0], path="../evil.json"),)},
        {"repo": "../evil"},
    ):
        failed = (await fetched(client, msgspec.structs.replace(plan, **changes)))[-1]
        assert isinstance(failed, Failed)
        assert "does not write" in failed.message
    assert files_below(tmp_path) == []


async def listed(
    client: ProcessWorkerClient, hub: HubServer, repo: str, source: Source = Source.HUGGINGFACE
) -> RepoListing:
    command = ListRepo(job_id="l", source=source, endpoint=hub.endpoint, repo=repo)
    (event,) = (e for e in await asked(client, command) if isinstance(e, RepoListed))
    return event.listing


def planned(listing: RepoListing, folder: Path) -> DownloadPlan:
    (variant,) = variants_of(listing.files)
    assert variant.name == SAFETENSORS
    return plan_of(listing, variant, folder)


async def fetched(client: ProcessWorkerClient, plan: DownloadPlan) -> list[Event]:
    return await asked(client, Download(job_id="d", plan=plan))


async def asked(
    client: ProcessWorkerClient, command: SearchHub | ListRepo | Download
) -> list[Event]:
    client.send(command)
    return await until_end(client.events(), command.job_id)


async def kept(plan: DownloadPlan, count: int) -> None:
    """Wait until so many bytes of the weights are on disk."""
    (file,) = (file for file in plan.files if file.path == WEIGHTS)
    part = plan.part(file)
    async with asyncio.timeout(20):
        while size_of(part) < count:  # noqa: ASYNC110 - another process writes
            await asyncio.sleep(0.01)


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def assert_same(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        if not name.endswith((".bin", ".py")):
            assert (folder / name).read_bytes() == data, name
