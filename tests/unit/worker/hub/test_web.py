"""To whom the token goes, and how long to wait for whom."""

import email.utils
import time
from collections.abc import Iterator

import pytest

from phidesk.core.hub import HUB
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.hub.huggingface import HuggingFace
from phidesk.worker.hub.web import WAITS_S, Hiccup, Patience, hiccups, make_client
from tests.hub_server import LARGE, Fault, HubServer, Repo, hub_server

TOKEN = "hf_secret"  # noqa: S105 - it opens nothing
REPO, BIG = "tiny/gated", "model.safetensors"


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with hub_server() as server:
        server.repos[REPO] = Repo({BIG: bytes(LARGE), "config.json": b"{}"}, gated="auto")
        server.tokens.add(TOKEN)
        yield server


def test_the_token_goes_to_the_hub_and_not_to_where_it_leads_on(hub: HubServer) -> None:
    with make_client(TOKEN, trusted=hub.endpoint) as client:
        site = HuggingFace(hub.endpoint, client)
        assert site.search("gated", 5)[0].gated
        listing = site.listing(REPO, "")
        for file in listing.files:
            response = client.get(site.address(REPO, listing.revision, file.path))
            assert response.status_code == 200
    sent = {(r.server, r.headers.get("Authorization")) for r in hub.requests}
    assert sent == {("hub", f"Bearer {TOKEN}"), ("storage", None)}


@pytest.mark.parametrize("trusted", [HUB, "http://127.0.0.1:1", "https://127.0.0.1"])
def test_another_host_port_or_scheme_gets_no_token(hub: HubServer, trusted: str) -> None:
    with make_client(TOKEN, trusted=trusted) as client:
        client.get(f"{hub.endpoint}/api/models")
        client.get(f"{hub.endpoint}/api/models", headers={"Authorization": "by mistake"})
    assert [r.headers.get("Authorization") for r in hub.requests] == [None, None]


def test_a_refused_token_and_a_missing_one_are_told_apart(hub: HubServer) -> None:
    with make_client(trusted=hub.endpoint) as client:
        answer = client.get(HuggingFace(hub.endpoint, client).address(REPO, "main", "config.json"))
        assert answer.status_code == 401
    with make_client("hf_other", trusted=hub.endpoint) as client:
        answer = client.get(HuggingFace(hub.endpoint, client).address(REPO, "main", "config.json"))
        assert answer.status_code == 403


def test_the_waits_grow_until_it_gives_up() -> None:
    slept: list[float] = []
    patience = Patience(WAITS_S, sleep=slept.append)
    for _ in WAITS_S:
        patience.wait(Hiccup("no answer"))
    assert all(0.8 * w <= s <= 1.2 * w for s, w in zip(slept, WAITS_S, strict=True))
    with pytest.raises(EngineError, match="no answer") as caught:
        patience.wait(Hiccup("no answer"))
    assert caught.value.kind is FailureKind.NETWORK
    patience.renew()
    patience.wait(Hiccup("no answer"))
    assert slept[-1] < 2


def test_what_the_server_asks_for_counts_unless_it_is_too_long() -> None:
    slept: list[float] = []
    patience = Patience(WAITS_S, sleep=slept.append)
    patience.wait(Hiccup("busy", 77.0))
    assert slept == [77.0]
    with pytest.raises(EngineError, match="come back in 60 minutes"):
        patience.wait(Hiccup("busy", 3600.0))


@pytest.mark.parametrize(
    ("code", "headers", "after"),
    [
        (429, {"Retry-After": "7"}, (7, 7)),
        (503, {}, None),
        (502, {"Retry-After": "soon"}, None),
        (429, {"Retry-After": email.utils.formatdate(time.time() + 7200)}, (3600, 7300)),
        (429, {"Retry-After": email.utils.formatdate(time.time() - 600)}, (0, 0)),
        (429, {"RateLimit": '"api";r=0;t=55'}, (55, 55)),
        (429, {"RateLimit": "something new"}, None),
    ],
)
def test_a_wait_is_a_number_or_a_date_or_the_hub_s_own(
    hub: HubServer, code: int, headers: dict[str, str], after: tuple[float, float] | None
) -> None:
    hub.fail("config.json", Fault(status=code, headers=headers))
    hub.repos[REPO].gated = ""
    with make_client() as client:
        address = HuggingFace(hub.endpoint, client).address(REPO, "main", "config.json")
        with pytest.raises(Hiccup, match=r"127\.0\.0\.1") as caught:
            client.get(address)
        assert client.get(address).status_code == 200
    if after is None:
        assert caught.value.after_s is None
    else:
        assert caught.value.after_s is not None
        assert after[0] <= caught.value.after_s <= after[1]


def test_a_library_does_not_try_again_by_itself(hub: HubServer) -> None:
    with make_client() as client:
        site = HuggingFace(hub.endpoint, client)
        hub.close()
        for _ in range(2):
            with pytest.raises(Hiccup, match="cannot be reached"):
                site.search("x", 5)
            with pytest.raises(Hiccup, match="cannot be reached"):
                site.listing("x/y", "")


def test_a_lost_line_is_a_hiccup_and_a_bug_is_not() -> None:
    with pytest.raises(Hiccup), make_client() as client:
        client.get("http://127.0.0.1:1/")
    with pytest.raises(ZeroDivisionError), hiccups():
        _ = 1 / 0
