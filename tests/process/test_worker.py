"""The worker process as the window drives it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from phidesk.client.interface import WorkerGoneError, WorkerStartError
from phidesk.client.process import ProcessWorkerClient
from phidesk.core.chat import StopReason
from phidesk.protocol import PROTOCOL_VERSION
from phidesk.protocol.codec import encode
from phidesk.protocol.commands import Cancel
from phidesk.protocol.events import (
    Cancelled,
    Event,
    Failed,
    FailureKind,
    Finished,
    Loaded,
    Progress,
    TokenDelta,
)
from phidesk.worker.engines.fake import AnswerScript, Ending, LoadScript
from tests.process.scripts import FAKE, MakeClient, answer_command, load_command, until_end

Loading = tuple[ProcessWorkerClient, AsyncIterator[Event]]


def text_of(events: list[Event], job_id: str = "answer") -> str:
    return "".join(e.text for e in events if isinstance(e, TokenDelta) and e.job_id == job_id)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def test_hello_comes_first_and_names_both_versions(make_client: MakeClient) -> None:
    client = make_client()
    hello = await client.start()
    assert hello.protocol_version == PROTOCOL_VERSION
    assert hello.pid == client.pid


async def test_load_reports_progress_then_loaded_then_finished(make_client: MakeClient) -> None:
    client = make_client()
    await client.start()
    client.send(load_command(LoadScript(seconds=0.3)))
    seen = await until_end(client.events(), "load")
    kinds = [type(event) for event in seen]
    assert kinds[-2:] == [Loaded, Finished]
    done = [event.done for event in seen if isinstance(event, Progress)]
    assert len(done) >= 3
    assert done == sorted(done)


async def test_answer_streams_whole_and_ends_once(loaded: Loading) -> None:
    client, events = loaded
    client.send(answer_command(AnswerScript(deltas=50, text="字🐼 ", interval_s=0.002)))
    seen = await until_end(events, "answer")
    assert text_of(seen) == "字🐼 " * 50
    finished = seen[-1]
    assert isinstance(finished, Finished)
    assert finished.result is not None
    assert finished.result.completion_tokens == 50
    assert finished.result.stop_reason is StopReason.END
    assert finished.result.ttft_s is not None
    assert sum(e.tokens for e in seen if isinstance(e, TokenDelta)) == 50


async def test_many_answers_at_once_do_not_mix(loaded: Loading) -> None:
    client, events = loaded
    jobs = {f"job{n}": AnswerScript(deltas=40, text=f"<{n}>", interval_s=0.001) for n in range(16)}
    for job_id, script in jobs.items():
        client.send(answer_command(script, job_id))
    texts = dict.fromkeys(jobs, "")
    ended: list[str] = []
    async for event in events:
        if isinstance(event, TokenDelta):
            texts[event.job_id] += event.text
        elif isinstance(event, Finished):
            ended.append(event.job_id)
        if len(ended) == len(jobs):
            break
    assert texts == {job_id: script.text * 40 for job_id, script in jobs.items()}
    assert sorted(ended) == sorted(jobs)


async def test_cancel_ends_an_answer_at_once(loaded: Loading) -> None:
    client, events = loaded
    client.send(answer_command(AnswerScript(deltas=100_000, interval_s=0.01)))
    async for event in events:
        if isinstance(event, TokenDelta):
            break
    asked = time.monotonic()
    client.send(Cancel(job_id="answer"))
    seen = await until_end(events, "answer")
    assert time.monotonic() - asked < 1.0
    assert isinstance(seen[-1], Cancelled)
    assert seen[-1].result is not None
    client.send(answer_command(job_id="next"))
    assert isinstance((await until_end(events, "next"))[-1], Finished)


async def test_cancel_right_behind_its_job_is_not_lost(loaded: Loading) -> None:
    client, events = loaded
    client.send(answer_command(AnswerScript(deltas=200, interval_s=0.005)))
    client.send(Cancel(job_id="answer"))
    seen = await until_end(events, "answer")
    assert isinstance(seen[-1], Cancelled)
    client.send(answer_command(job_id="next"))
    assert isinstance((await until_end(events, "next"))[-1], Finished)


async def test_cancel_during_a_load_ends_the_worker(make_client: MakeClient) -> None:
    client = make_client()
    await client.start()
    pid = client.pid
    assert pid is not None
    client.send(load_command(LoadScript(seconds=60)))
    await asyncio.sleep(0.2)
    client.send(Cancel(job_id="load"))
    seen = [event async for event in client.events()]
    assert [type(e) for e in seen if isinstance(e, Cancelled | Failed | Finished)] == [Cancelled]
    assert gone(pid)


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        (Ending.KNOWN_ERROR, FailureKind.UNSUPPORTED),
        (Ending.BUG, FailureKind.BUG),
        (Ending.OUT_OF_MEMORY, FailureKind.OUT_OF_MEMORY),
    ],
)
async def test_a_failed_answer_leaves_the_worker_usable(
    loaded: Loading, ending: Ending, kind: FailureKind
) -> None:
    client, events = loaded
    client.send(answer_command(AnswerScript(ending=ending)))
    seen = await until_end(events, "answer")
    failed = seen[-1]
    assert isinstance(failed, Failed)
    assert failed.kind is kind
    assert failed.message
    assert ("Traceback" in failed.details) is (ending is not Ending.KNOWN_ERROR)
    assert text_of(seen) == "word " * 3
    client.send(answer_command(job_id="next"))
    assert isinstance((await until_end(events, "next"))[-1], Finished)


@pytest.mark.parametrize("ending", [Ending.KNOWN_ERROR, Ending.BUG, Ending.OUT_OF_MEMORY])
async def test_a_failed_load_is_told(make_client: MakeClient, ending: Ending) -> None:
    client = make_client()
    await client.start()
    client.send(load_command(LoadScript(ending=ending)))
    assert isinstance((await until_end(client.events(), "load"))[-1], Failed)


async def test_generating_without_a_model_fails_in_words(make_client: MakeClient) -> None:
    client = make_client()
    await client.start()
    client.send(answer_command())
    failed = (await until_end(client.events(), "answer"))[-1]
    assert isinstance(failed, Failed)
    assert "No model" in failed.message


async def test_an_unknown_engine_fails_in_words(make_client: MakeClient) -> None:
    client = make_client()
    await client.start()
    command = load_command()
    client.send(type(command)(job_id="load", model=command.model, engine="nonsense"))
    failed = (await until_end(client.events(), "load"))[-1]
    assert isinstance(failed, Failed)
    assert failed.kind is FailureKind.ENGINE_MISSING


@pytest.mark.parametrize(
    ("ending", "words"), [(Ending.EXIT, "exit code 3"), (Ending.KILLED, "SIGKILL")]
)
async def test_death_in_an_answer_keeps_the_text_and_fails_every_open_job(
    loaded: Loading, ending: Ending, words: str
) -> None:
    client, events = loaded
    client.send(answer_command(AnswerScript(deltas=100_000, interval_s=0.01), "other"))
    client.send(answer_command(AnswerScript(deltas=20, interval_s=0.01, ending=ending)))
    seen = [event async for event in events]
    failed = [event for event in seen if isinstance(event, Failed)]
    assert sorted(event.job_id for event in failed) == ["answer", "other"]
    assert all(event.kind is FailureKind.WORKER_DIED for event in failed)
    assert all(words in event.message for event in failed)
    assert text_of(seen).startswith("word ")
    assert not client.alive
    with pytest.raises(WorkerGoneError):
        client.send(answer_command(job_id="late"))


async def test_a_worker_whose_engine_broke_tells_all_and_ends(loaded: Loading) -> None:
    client, events = loaded
    assert client.pid is not None
    client.send(answer_command(AnswerScript(deltas=100_000, interval_s=0.01), "other"))
    client.send(answer_command(AnswerScript(ending=Ending.BREAK)))
    seen = [event async for event in events]
    ends = [e for e in seen if isinstance(e, Finished | Cancelled | Failed)]
    assert sorted((e.job_id, type(e)) for e in ends) == [("answer", Failed), ("other", Failed)]
    words = "The script broke the engine."
    assert {e.message for e in ends if isinstance(e, Failed)} == {words}
    assert client.end_message() == words
    assert "Traceback" in client.log_tail()
    assert gone(client.pid)


async def test_the_last_log_lines_explain_a_death(loaded: Loading) -> None:
    client, events = loaded
    script = AnswerScript(junk="CUDA error: out of memory\n", ending=Ending.EXIT)
    client.send(answer_command(script))
    failed = (await until_end(events, "answer"))[-1]
    assert isinstance(failed, Failed)
    assert "CUDA error: out of memory" in failed.details
    assert "memory" in failed.message


async def test_junk_on_stdout_cannot_corrupt_the_messages(loaded: Loading) -> None:
    client, events = loaded
    script = AnswerScript(deltas=200, junk='{"type":"finished","job_id":"answer"}\n\x00garbage')
    client.send(answer_command(script))
    seen = await until_end(events, "answer")
    assert text_of(seen) == "word " * 200
    assert isinstance(seen[-1], Finished)
    assert seen[-1].result is not None


async def test_100_000_deltas_arrive_whole(loaded: Loading) -> None:
    client, events = loaded
    client.send(answer_command(AnswerScript(deltas=100_000, text="a")))
    seen = await until_end(events, "answer")
    assert text_of(seen) == "a" * 100_000
    assert isinstance(seen[-1], Finished)
    assert seen[-1].result is not None
    assert seen[-1].result.completion_tokens == 100_000


async def test_nothing_grows_while_nobody_reads(loaded: Loading) -> None:
    client, events = loaded
    assert client.pid is not None
    worker = psutil.Process(client.pid)
    before = worker.memory_info().rss
    jobs = [f"job{n}" for n in range(8)]
    for job_id in jobs:
        client.send(answer_command(AnswerScript(deltas=100_000, text="a"), job_id))
    await asyncio.sleep(2)
    assert client._queue.qsize() <= 600
    assert worker.memory_info().rss - before < 40e6
    texts = dict.fromkeys(jobs, "")
    open_jobs = set(jobs)
    async for event in events:
        if isinstance(event, TokenDelta):
            texts[event.job_id] += event.text
        elif isinstance(event, Finished):
            open_jobs.discard(event.job_id)
        if not open_jobs:
            break
    assert {len(text) for text in texts.values()} == {100_000}


async def test_close_ends_a_worker_that_hangs_at_shutdown(make_client: MakeClient) -> None:
    client = make_client()
    await client.start()
    pid = client.pid
    assert pid is not None
    client.send(load_command(LoadScript(hang_at_close=True)))
    await until_end(client.events(), "load")
    asked = time.monotonic()
    await client.close()
    assert time.monotonic() - asked < 3
    assert gone(pid)


async def test_close_in_an_answer_cancels_it(loaded: Loading) -> None:
    client, events = loaded
    client.send(answer_command(AnswerScript(ending=Ending.HANG)))
    await asyncio.sleep(0.2)
    await client.close()
    seen = [event async for event in events]
    assert isinstance(seen[-1], Cancelled)
    assert client.end_message() == ""


async def test_what_the_worker_started_ends_with_it(
    make_client: MakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "spawning_engine.py"
    module.write_text(
        "import subprocess\n"
        "from phidesk.worker.engines.fake import FakeEngine\n"
        "class SpawningEngine(FakeEngine):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        child = subprocess.Popen(['sleep', '300'])\n"
        f"        open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid))\n"
    )
    folders = os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", "")))
    monkeypatch.setenv("PYTHONPATH", folders)
    client = make_client("--engine", "spawning=spawning_engine:SpawningEngine")
    await client.start()
    command = load_command()
    client.send(type(command)(job_id="load", model=command.model, engine="spawning"))
    assert isinstance((await until_end(client.events(), "load"))[-1], Finished)
    child = int((tmp_path / "pid").read_text())
    assert not gone(child)
    assert client.pid is not None
    os.kill(client.pid, signal.SIGKILL)
    seen = [event async for event in client.events()]
    assert not any(isinstance(event, Failed) for event in seen)
    assert "SIGKILL" in client.end_message()
    await asyncio.sleep(0.2)
    assert gone(child)


@pytest.mark.parametrize("moment", ["idle", "load", "answer", "blocked"])
def test_kill_9_on_the_parent_leaves_no_worker(moment: str, tmp_path: Path) -> None:
    """The parent is a process of its own here: nobody is left to clean up."""
    commands = [load_command(LoadScript(seconds=60.0 if moment == "load" else 0.0))]
    lines = b"".join(map(encode, commands)) if moment != "idle" else b""
    if moment in ("answer", "blocked"):
        block_s = 1.5 if moment == "blocked" else 0.0
        script = AnswerScript(deltas=100_000, interval_s=0.01, block_s=block_s)
        lines += encode(answer_command(script))
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys, time\n"
            "w = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,"
            " start_new_session=True)\n"
            "w.stdin.write(bytes.fromhex(sys.argv[1])); w.stdin.flush()\n"
            "print(w.pid, flush=True); time.sleep(60)",
            lines.hex(),
            *(sys.executable, "-m", "phidesk.worker", *FAKE),
        ],
        stdout=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    time.sleep(0.8)
    assert not gone(worker)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while not gone(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert gone(worker)


async def test_another_protocol_version_is_refused_in_words(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(
        "#!/bin/sh\n"
        'echo \'{"type":"hello","protocol_version":99,"phidesk_version":"9.9","news":true}\'\n'
        "sleep 60\n"
    )
    python.chmod(0o755)
    words = rf"version 99 .*9\.9.*version {PROTOCOL_VERSION}\b"
    with pytest.raises(WorkerStartError, match=words) as caught:
        await ProcessWorkerClient(str(python)).start()
    assert "Install" in str(caught.value)


async def test_a_missing_python_is_refused_in_words() -> None:
    with pytest.raises(WorkerStartError, match="could not be started"):
        await ProcessWorkerClient("/nonexistent/python").start()


async def test_a_worker_that_cannot_start_says_why(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'No module named phidesk' >&2\nexit 1\n")
    python.chmod(0o755)
    with pytest.raises(WorkerStartError) as caught:
        await ProcessWorkerClient(str(python)).start()
    assert "No module named phidesk" in caught.value.details
