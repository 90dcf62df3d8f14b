"""The Hugging Face Hub, or a mirror of it, through huggingface_hub."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote

# A worker is offline for all libraries; this one has to be told before it is imported.
os.environ["HF_HUB_OFFLINE"] = "0"

import httpx2
from huggingface_hub import HfApi, ModelInfo, set_client_factory
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from phidesk.core.hub import RepoFile, RepoListing, RepoSummary, Source, is_repo
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.hub.sites import refused

_BYTES = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "BF16": 2, "F16": 2, "I16": 2}
_FORMATS = ("safetensors", "gguf")


class HuggingFace:
    """See Site. The library gets the worker's own client, and never sees a token."""

    def __init__(self, endpoint: str, client: httpx2.Client) -> None:
        self._endpoint = endpoint
        self._api = HfApi(endpoint=endpoint, token=False)
        set_client_factory(lambda: client)

    def search(self, text: str, limit: int) -> list[RepoSummary]:
        """Search by name."""
        with self._plainly(text):
            found = self._api.list_models(
                search=text,
                sort="downloads",
                limit=limit,
                expand=["downloads", "likes", "gated", "tags", "safetensors", "gguf"],
            )
            return [_summary(info) for info in found if is_repo(info.id)]

    def listing(self, repo: str, revision: str) -> RepoListing:
        """List the files with their sizes and checksums."""
        with self._plainly(repo, revision):
            info = self._api.model_info(
                repo, revision=revision or None, files_metadata=True, timeout=30
            )
        if not info.sha:
            raise EngineError(FailureKind.NOT_FOUND, f"“{repo}” has no files.")
        return RepoListing(
            source=Source.HUGGINGFACE,
            endpoint=self._endpoint,
            # Renamed repositories answer with their new name.
            repo=info.id if is_repo(info.id) else repo,
            revision=info.sha,
            commit=info.sha,
            files=tuple(_files(info)),
            licence=_licence(info.tags or ()),
            gated=bool(info.gated),
        )

    def address(self, repo: str, revision: str, path: str) -> str:
        """Return the address that leads on to the file."""
        return f"{self._endpoint}/{repo}/resolve/{quote(revision, safe='')}/{quote(path)}"

    @contextmanager
    def _plainly(self, repo: str, revision: str = "") -> Iterator[None]:
        try:
            yield
        except RevisionNotFoundError as error:
            words = f"“{repo}” has no revision “{revision}”."
            raise EngineError(FailureKind.NOT_FOUND, words, str(error)) from error
        except (GatedRepoError, RepositoryNotFoundError) as error:
            code = error.response.status_code
            if code == 404:
                words = f"There is no “{repo}” at {self._endpoint}."
                raise EngineError(FailureKind.NOT_FOUND, words, str(error)) from error
            gated = isinstance(error, GatedRepoError)
            raise refused(Source.HUGGINGFACE, self._endpoint, repo, code, gated=gated) from error
        except HfHubHTTPError as error:
            if error.response.status_code == 401:
                words = (
                    "Hugging Face does not accept your access token: it may have been revoked. "
                    f"Make a new one on {self._endpoint}/settings/tokens."
                )
                raise EngineError(FailureKind.GATED, words, str(error)) from error
            if error.response.status_code == 404 and repo:  # not all names say that it is a model's
                words = f"There is no “{repo}” at {self._endpoint}."
                raise EngineError(FailureKind.NOT_FOUND, words, str(error)) from error
            words = f"{self._endpoint} answers with {error.response.status_code}, not with a list."
            raise EngineError(FailureKind.NETWORK, words, str(error)) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            words = f"{self._endpoint} answers, but not as the Hugging Face Hub does."
            raise EngineError(FailureKind.NETWORK, words, repr(error)) from error


def _summary(info: ModelInfo) -> RepoSummary:
    tags = info.tags or []
    parameters: int | None = None
    size: int | None = None
    if info.safetensors is not None:
        parameters = info.safetensors.total
        size = sum(_BYTES.get(t, 1) * n for t, n in info.safetensors.parameters.items())
    elif isinstance(info.gguf, Mapping) and isinstance(info.gguf.get("total"), int):
        parameters = info.gguf["total"]
    return RepoSummary(
        repo=info.id,
        downloads=info.downloads or 0,
        likes=info.likes or 0,
        licence=_licence(tags),
        gated=bool(info.gated),
        size_bytes=size,
        parameters=parameters,
        formats=tuple(name for name in _FORMATS if name in tags),
    )


def _files(info: ModelInfo) -> Iterable[RepoFile]:
    for sibling in info.siblings or ():
        lfs = sibling.lfs
        yield RepoFile(
            path=sibling.rfilename,
            size=max(0, (lfs.size if lfs else sibling.size) or 0),
            sha256=(lfs.sha256 if lfs else "") or "",
            git_sha1="" if lfs else sibling.blob_id or "",
        )


def _licence(tags: Iterable[str]) -> str:
    kind = "license:"
    return next((tag.removeprefix(kind) for tag in tags if tag.startswith(kind)), "")
