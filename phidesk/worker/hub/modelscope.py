"""ModelScope, through its own HTTP interface.

Its search is that of https://modelscope.cn/docs/openapi; files and revisions are those that its
own client uses (https://github.com/modelscope/modelscope_hub).
"""

from typing import Any
from urllib.parse import quote

import httpx2
import msgspec

from phidesk.core.hub import RepoFile, RepoListing, RepoSummary, Source, is_repo
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.hub.sites import refused

_NEWEST, _NEWEST_ELSEWHERE = "master", "main"
_MODELS = "/openapi/v1/models"


class _Model(msgspec.Struct, frozen=True):
    """A model in an answer; anything may be missing."""

    id: str = ""
    downloads: int | None = None
    likes: int | None = None
    license: str | None = None
    file_size: int | None = None
    params: int | None = None
    tags: tuple[str, ...] | None = None
    gated: bool | str | None = None


class _Models(msgspec.Struct, frozen=True):
    """One page of an answer to a search."""

    models: tuple[_Model, ...] = ()


class _Search(msgspec.Struct, frozen=True):
    """An answer to a search."""

    data: _Models = _Models()


class _File(msgspec.Struct, frozen=True, rename="pascal"):
    """A file in a listing."""

    path: str = ""
    type: str = "blob"
    size: int | None = None
    sha256: str | None = None
    revision: str | None = None
    committed_date: int | None = None


class _Files(msgspec.Struct, frozen=True, rename="pascal"):
    """The files of a repository."""

    files: tuple[_File, ...] | None = None


class _Listing(msgspec.Struct, frozen=True, rename="pascal"):
    """An answer with files."""

    data: _Files | None = None


class _Info(msgspec.Struct, frozen=True):
    """An answer about a repository."""

    data: _Model = _Model()


class ModelScope:
    """See Site."""

    def __init__(self, endpoint: str, client: httpx2.Client) -> None:
        self._endpoint = endpoint
        self._client = client

    def search(self, text: str, limit: int) -> list[RepoSummary]:
        """Search by name."""
        query = {"search": text, "page_number": 1, "page_size": limit}
        answer = self._get(_MODELS, query, _Search, text)
        found = [_summary(model) for model in answer.data.models if is_repo(model.id)]
        return sorted(found, key=lambda repo: -repo.downloads)

    def listing(self, repo: str, revision: str) -> RepoListing:
        """List the files with their sizes and checksums."""
        if revision in ("", _NEWEST_ELSEWHERE):  # as it is called on the Hub
            revision = _NEWEST
        query = {"Revision": revision, "Recursive": "True"}
        answer = self._get(f"/api/v1/models/{repo}/repo/files", query, _Listing, repo)
        files = [f for f in (answer.data and answer.data.files) or () if f.type != "tree"]
        about = self._about(repo)
        newest = max(files, key=lambda file: file.committed_date or 0, default=None)
        return RepoListing(
            source=Source.MODELSCOPE,
            endpoint=self._endpoint,
            repo=repo,
            revision=revision,
            commit=(newest.revision if newest else "") or revision,
            files=tuple(
                RepoFile(path=f.path, size=max(0, f.size or 0), sha256=(f.sha256 or "").lower())
                for f in files
            ),
            licence=about.licence,
            gated=about.gated,
        )

    def address(self, repo: str, revision: str, path: str) -> str:
        """Return the address that leads on to the file."""
        revision = quote(revision, safe="")
        return f"{self._endpoint}/models/{repo}/resolve/{revision}/{quote(path)}"

    def _about(self, repo: str) -> RepoSummary:
        try:
            return _summary(self._get(f"{_MODELS}/{repo}", {}, _Info, repo).data)
        except EngineError:  # the files are there: nothing hangs on the rest
            return RepoSummary(repo=repo)

    def _get(self, path: str, query: dict[str, Any], kind: type[Any], repo: str) -> Any:
        response = self._client.get(f"{self._endpoint}{path}", params=query)
        code = response.status_code
        if code in (401, 403):
            raise refused(Source.MODELSCOPE, self._endpoint, repo, code, gated=True)
        if code in (400, 404):
            words = f"There is no “{repo}” on ModelScope, or no such revision of it."
            raise EngineError(FailureKind.NOT_FOUND, words, response.text[:500])
        try:
            return msgspec.json.decode(response.content, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            words = f"{self._endpoint} answers with {code}, not with a list that phidesk knows."
            raise EngineError(FailureKind.NETWORK, words, response.text[:500]) from error


def _summary(model: _Model) -> RepoSummary:
    kind = "library:"
    libraries = [t.removeprefix(kind).lower() for t in model.tags or () if t.startswith(kind)]
    return RepoSummary(
        repo=model.id,
        downloads=model.downloads or 0,
        likes=model.likes or 0,
        licence=(model.license or "").lower(),
        gated=bool(model.gated),
        size_bytes=model.file_size or None,
        parameters=model.params or None,
        formats=tuple(name for name in ("safetensors", "gguf") if name in libraries),
    )
