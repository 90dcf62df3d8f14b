"""What a source of models is asked: search, the files of a repository, and their addresses."""

from typing import Protocol

import httpx2

from phidesk.core.hub import RepoListing, RepoSummary, Source, takes_token
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError


class Site(Protocol):
    """A source at an address; each call asks it once, and may raise Hiccup or EngineError."""

    def search(self, text: str, limit: int) -> list[RepoSummary]:
        """Return the models that match, those of most downloads first."""
        ...

    def listing(self, repo: str, revision: str) -> RepoListing:
        """Return the files of a repository; revision "": the newest."""
        ...

    def address(self, repo: str, revision: str, path: str) -> str:
        """Return where a file can be fetched."""
        ...


def make_site(source: Source, endpoint: str, client: httpx2.Client) -> Site:
    """Return the source at an address."""
    if source is Source.MODELSCOPE:
        from phidesk.worker.hub.modelscope import ModelScope

        return ModelScope(endpoint, client)
    from phidesk.worker.hub.huggingface import HuggingFace

    return HuggingFace(endpoint, client)


def refused(source: Source, endpoint: str, repo: str, code: int, *, gated: bool) -> EngineError:
    """Return the error for a repository that is not given out, with what to do about it."""
    page = f"{endpoint}/{repo}"
    if source is Source.MODELSCOPE:
        words = (
            f"ModelScope gives “{repo}” only to those who are logged in and allowed to have it, "
            "which phidesk cannot be. Look for the same model on Hugging Face."
        )
    elif not takes_token(endpoint) and not gated:
        words = (
            f"There is no “{repo}” at {endpoint}, or it is private: then it needs an access token, "
            "which phidesk sends to huggingface.co only, never to a mirror."
        )
    elif not takes_token(endpoint):
        words = (
            f"“{repo}” needs an access token, which phidesk sends to huggingface.co only, never "
            f"to a mirror ({endpoint}). Clear the mirror's address to get this model."
        )
    elif code == 403:
        words = (
            f"Your access token does not open “{repo}” yet. Ask for access on {page}; where you "
            "have it, see that the token may read gated repositories."
        )
    elif gated:
        words = (
            f"“{repo}” is gated: accept its conditions on {page}, make an access token on "
            f"{endpoint}/settings/tokens, and give it to phidesk (Get models, or HF_TOKEN)."
        )
    else:
        words = (
            f"There is no “{repo}” on Hugging Face, or it is private: then phidesk needs an "
            "access token (Get models, or HF_TOKEN)."
        )
    return EngineError(FailureKind.GATED, words)
