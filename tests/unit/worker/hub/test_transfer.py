"""One file over the line, from servers that are not what they should be."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from phidesk.core.hub import HUB, MODELSCOPE, RepoFile, Source
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.hub import transfer
from phidesk.worker.hub.sites import refused
from phidesk.worker.hub.transfer import Refused, Transfer
from phidesk.worker.hub.web import Patience, make_client
from tests.hub_server import Fault, HubServer, Repo, git, hub_server

REPO, NAME = "tiny/m", "model.safetensors"
DATA = bytes(range(256)) * 400
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with hub_server() as server:
        server.repos[REPO] = Repo({NAME: DATA, "config.json": b"{}", "empty.txt": b""})
        yield server


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "x.part"


def fetch(
    hub: HubServer, file: RepoFile, part: Path, *, etag: str = "", waits: int = 3
) -> tuple[list[str], list[int]]:
    """Fetch a file; returns the ETags and how many bytes there were said to be."""
    etags: list[str] = []
    there = [part.stat().st_size if part.exists() else 0]
    with make_client() as client:
        Transfer(
            client,
            f"{hub.endpoint}/{REPO}/resolve/main/{file.path}",
            file,
            part,
            etag=etag,
            on_etag=etags.append,
            on_bytes=lambda more: there.append(there[-1] + more),
        ).run(Patience([0.0] * waits, sleep=lambda _: None))
    return etags, there


@pytest.mark.parametrize(
    "file",
    [
        RepoFile(path=NAME, size=len(DATA), sha256=SHA),
        RepoFile(path=NAME, size=len(DATA)),
        RepoFile(path=NAME, sha256=SHA),
        RepoFile(path=NAME),
    ],
    ids=["all is known", "no checksum", "no size", "nothing is known"],
)
def test_a_file_comes_whole_whatever_is_known_of_it(
    hub: HubServer, part: Path, file: RepoFile
) -> None:
    hub.fail(NAME, Fault(drop_at=50_000))
    etags, there = fetch(hub, file, part)
    assert part.read_bytes() == DATA
    assert len(etags) == 1
    assert there[-1] == len(DATA)
    assert there == sorted(there)
    assert hub.asked(NAME)[1].sent == len(DATA) - 50_000


def test_small_and_empty_files(hub: HubServer, part: Path) -> None:
    fetch(hub, RepoFile(path="config.json", size=2, git_sha1=git(b"{}")), part)
    assert part.read_bytes() == b"{}"
    fetch(hub, RepoFile(path="empty.txt", git_sha1=git(b"")), part.with_name("y"))
    assert part.with_name("y").read_bytes() == b""


def test_a_part_that_is_whole_is_checked_and_not_asked_for(hub: HubServer, part: Path) -> None:
    part.write_bytes(DATA)
    fetch(hub, RepoFile(path=NAME, size=len(DATA), sha256=SHA), part)
    assert hub.requests == []
    part.write_bytes(DATA[:-1] + b"?")
    with pytest.raises(EngineError, match="arrived damaged") as caught:
        fetch(hub, RepoFile(path=NAME, size=len(DATA), sha256=SHA), part)
    assert caught.value.kind is FailureKind.CORRUPT_FILE
    assert not part.exists()


def test_a_part_that_is_too_long_is_thrown_away(hub: HubServer, part: Path) -> None:
    part.write_bytes(DATA + b"more")
    _, there = fetch(hub, RepoFile(path=NAME, size=len(DATA), sha256=SHA), part)
    assert part.read_bytes() == DATA
    assert there[:2] == [len(DATA) + 4, 0]


def test_a_part_that_was_spoilt_on_disk_is_found_out(hub: HubServer, part: Path) -> None:
    part.write_bytes(b"?" + DATA[1:1000])
    with pytest.raises(EngineError, match="arrived damaged"):
        fetch(hub, RepoFile(path=NAME, size=len(DATA), sha256=SHA), part)
    assert not part.exists()


def test_a_weak_etag_promises_nothing(hub: HubServer, part: Path) -> None:
    hub.fail(NAME, Fault(drop_at=50_000, etag='W/"weak"'))
    etags, _ = fetch(hub, RepoFile(path=NAME, size=len(DATA)), part)
    assert etags == ["", ""]  # it began anew: there was no checksum either
    assert "Range" not in hub.asked(NAME)[1].headers
    assert part.read_bytes() == DATA


@pytest.mark.parametrize("size", [len(DATA) - 1, len(DATA) + 1, 10])
def test_a_file_of_another_length_is_given_up(hub: HubServer, part: Path, size: int) -> None:
    with pytest.raises(EngineError, match=r"longer|shorter|another part|changed") as caught:
        fetch(hub, RepoFile(path=NAME, size=size), part)
    assert caught.value.kind is FailureKind.NETWORK
    assert len(hub.asked(NAME)) in (4, 5)
    assert not part.exists() or part.stat().st_size <= size


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=416),
        Fault(status=206),
        Fault(status=206, headers={"Content-Range": "bytes 0-9/102400"}),
        Fault(status=206, headers={"Content-Range": "bytes 1000-1009/77"}),
    ],
    ids=["no such range", "no words about the range", "another range", "another file"],
)
def test_a_part_that_was_not_asked_for_is_not_used(
    hub: HubServer, part: Path, fault: Fault
) -> None:
    part.write_bytes(DATA[:1000])
    hub.fail(NAME, fault)
    _, there = fetch(hub, RepoFile(path=NAME, size=len(DATA), sha256=SHA), part)
    assert part.read_bytes() == DATA
    assert there == sorted(there)  # nothing of the part was thrown away


PORTAL = b"<html>please log in to this network</html>"


@pytest.mark.parametrize("known", [SHA, ""], ids=["checksum", "no checksum"])
@pytest.mark.parametrize("length", [{}, {"Content-Length": "999999999"}], ids=["short", "long"])
def test_a_page_in_place_of_the_file_touches_nothing(
    hub: HubServer, part: Path, known: str, length: dict[str, str]
) -> None:
    part.write_bytes(DATA[:50_000])
    etag = f'"{hashlib.md5(DATA).hexdigest()}"'  # noqa: S324
    hub.fail(NAME, Fault(status=200, headers=length))
    _, there = fetch(hub, RepoFile(path=NAME, size=len(DATA), sha256=known), part, etag=etag)
    assert part.read_bytes() == DATA
    assert there == sorted(there)
    first, second = hub.asked(NAME)
    assert first.headers["Range"] == second.headers["Range"] == "bytes=50000-"
    assert second.sent == len(DATA) - 50_000


@pytest.mark.parametrize("there", [0, 10, 50_000])
def test_a_page_without_a_length_leaves_nothing_behind(
    hub: HubServer, part: Path, there: int
) -> None:
    part.write_bytes(DATA[:there])
    hub.fail(NAME, Fault(page=PORTAL))
    fetch(hub, RepoFile(path=NAME, size=len(DATA), sha256=SHA), part)
    assert part.read_bytes() == DATA
    assert hub.sent(NAME) == len(DATA) - there


def test_another_etag_is_no_reason_to_begin_anew_where_the_checksum_is_known(
    hub: HubServer, part: Path
) -> None:
    part.write_bytes(DATA[:50_000])
    hub.fail(NAME, Fault(drop_at=60_000, etag='"another"'), Fault(whole=True))
    file = RepoFile(path=NAME, size=len(DATA), sha256=SHA)
    _, there = fetch(hub, file, part, etag='"first"')
    assert part.read_bytes() == DATA
    assert there == sorted(there)
    assert [request.sent for request in hub.asked(NAME)] == [10_000, len(DATA)]


def test_another_etag_begins_anew_where_nothing_else_tells(hub: HubServer, part: Path) -> None:
    part.write_bytes(b"?" * 50_000)
    file = RepoFile(path=NAME, size=len(DATA))
    etags, _ = fetch(hub, file, part, etag='"first"')
    assert part.read_bytes() == DATA
    assert etags == [f'"{hashlib.md5(DATA).hexdigest()}"']  # noqa: S324


def test_a_file_of_no_told_size_has_a_bound(
    hub: HubServer, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "_MOST_UNTOLD", 50_000)
    with pytest.raises(EngineError, match="it could fill the disk"):
        fetch(hub, RepoFile(path=NAME, sha256=SHA), part)
    assert part.read_bytes() == b""
    assert len(hub.asked(NAME)) == 1
    fetch(hub, RepoFile(path=NAME, size=len(DATA), sha256=SHA), part)
    assert part.read_bytes() == DATA


def test_no_is_no(hub: HubServer, part: Path) -> None:
    hub.repos[REPO].gated = "auto"
    with pytest.raises(Refused) as caught:
        fetch(hub, RepoFile(path=NAME, size=len(DATA)), part)
    assert (caught.value.code, caught.value.gated) == (401, True)
    hub.repos[REPO].gated = ""
    with pytest.raises(Refused, match="404"):
        fetch(hub, RepoFile(path="gone.json"), part)
    assert not part.exists()


@pytest.mark.parametrize(
    ("source", "endpoint", "code", "gated", "words"),
    [
        (Source.HUGGINGFACE, HUB, 401, True, f"accept its conditions on {HUB}/{REPO}"),
        (Source.HUGGINGFACE, HUB, 401, False, "or it is private"),
        (Source.HUGGINGFACE, HUB, 403, True, f"Ask for access on {HUB}/{REPO}"),
        (Source.HUGGINGFACE, "https://hf-mirror.com", 403, True, "never to a mirror"),
        (Source.HUGGINGFACE, "https://hf-mirror.com", 401, False, "There is no “"),
        (Source.MODELSCOPE, MODELSCOPE, 403, True, "ModelScope gives"),
    ],
)
def test_a_refusal_says_what_to_do(
    source: Source, endpoint: str, code: int, gated: bool, words: str
) -> None:
    error = refused(source, endpoint, REPO, code, gated=gated)
    assert error.kind is FailureKind.GATED
    assert words in error.message
