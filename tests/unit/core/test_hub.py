"""Names of repositories, and whom to ask for them."""

import pytest

from phidesk.core.hub import HUB, MODELSCOPE, Source, endpoint_of, parse_repo, takes_token


@pytest.mark.parametrize(
    ("text", "repo", "source"),
    [
        ("owner/name", "owner/name", None),
        (" gpt2 ", "gpt2", None),
        ("a-b/C.d_1", "a-b/C.d_1", None),
        ("https://huggingface.co/owner/name", "owner/name", Source.HUGGINGFACE),
        ("https://hf.co/owner/name/tree/main?x=1", "owner/name", Source.HUGGINGFACE),
        ("https://www.modelscope.cn/models/owner/name/files", "owner/name", Source.MODELSCOPE),
    ],
)
def test_a_name_or_an_address_is_a_repository(text: str, repo: str, source: Source) -> None:
    assert parse_repo(text) == (repo, source)


@pytest.mark.parametrize(
    "text",
    ["", "/", "a/b/c", "../b", "a/..", ".a/b", "a b/c", "a/b.partial", "模型/b", "a\\b",
     "https://example.org/a/b", "https://huggingface.co/"],
)  # fmt: skip
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        parse_repo(text)


def test_the_mirror_comes_before_the_environment() -> None:
    hub, mirror = Source.HUGGINGFACE, "https://hf-mirror.com"
    assert endpoint_of(hub, "", {}) == HUB
    assert endpoint_of(hub, "", {"HF_ENDPOINT": mirror + "/"}) == mirror
    assert endpoint_of(hub, mirror, {"HF_ENDPOINT": "https://other.org"}) == mirror
    assert endpoint_of(Source.MODELSCOPE, mirror, {"HF_ENDPOINT": mirror}) == MODELSCOPE
    for bad in ("hf-mirror.com", "ftp://a", "https://"):
        with pytest.raises(ValueError, match="no address"):
            endpoint_of(hub, bad, {})


@pytest.mark.parametrize(
    ("endpoint", "takes"),
    [
        (HUB, True),
        ("https://hf-mirror.com", False),
        ("http://huggingface.co", False),
        ("https://huggingface.co.evil.org", False),
        ("https://huggingface.co:444", False),
        (MODELSCOPE, False),
    ],
)
def test_only_the_hub_itself_takes_the_token(endpoint: str, takes: bool) -> None:
    assert takes_token(endpoint) is takes
