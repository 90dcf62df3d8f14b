"""A server that behaves like the Hugging Face Hub, a mirror of it, and ModelScope.

Small files come from the hub itself; large ones by a redirect from another port, as from the
Hub's storage. Faults are set by file name, and each is used up by one request.
"""

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

LARGE = 10_000  # from here on, files are LFS
COMMIT = "c0ffee" + "0" * 34
_BLOCK = 65536


@dataclass
class Repo:
    """A repository; files: their bytes by path; claims: other sizes that the list tells."""

    files: dict[str, bytes]
    gated: str = ""
    licence: str = "apache-2.0"
    commit: str = COMMIT
    claims: dict[str, int] = field(default_factory=dict)


@dataclass
class Fault:
    """What goes wrong at one request of a file.

    drop_at: the connection is cut after so many bytes of the body. hold_at: there the server
    waits for `release`. status: an answer in place of the file, with headers. spoil: one byte
    is another. whole: Range is ignored. etag: the file has another one from now on. page: what a
    network that wants a log-in sends in place of the file, without a length.
    """

    drop_at: int | None = None
    hold_at: int | None = None
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    spoil: bool = False
    whole: bool = False
    etag: str = ""
    page: bytes = b""


@dataclass
class Request:
    """What was asked, of which server ("hub" or "storage"), and what went over the line."""

    server: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    status: int = 0
    sent: int = 0


class HubServer:
    """Both servers, in threads of this process."""

    def __init__(self) -> None:
        self.repos: dict[str, Repo] = {}
        self.faults: dict[str, list[Fault]] = {}
        self.etags: dict[str, str] = {}
        self.requests: list[Request] = []
        self.tokens: set[str] = set()
        self.release = threading.Event()
        self.rate = 0.0  # bytes a second of each line; 0 for as fast as it goes
        self._servers = [_serve(self, name) for name in ("hub", "storage")]

    @property
    def endpoint(self) -> str:
        """The address of the hub."""
        return f"http://127.0.0.1:{self._servers[0].server_port}"

    @property
    def storage(self) -> str:
        """The address that large files come from."""
        return f"http://127.0.0.1:{self._servers[1].server_port}"

    def fail(self, name: str, *faults: Fault) -> None:
        """Let the next requests for the bytes of a file go wrong."""
        self.faults.setdefault(name, []).extend(faults)

    def asked(self, name: str) -> list[Request]:
        """Return the requests that were answered with bytes of a file, or refused."""
        return [r for r in self.requests if r.path.endswith(f"/{quote(name)}") and r.status != 302]

    def sent(self, name: str) -> int:
        """Return how many bytes of a file went over the line."""
        return sum(request.sent for request in self.asked(name))

    def close(self) -> None:
        """Stop both servers."""
        self.release.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()


@contextmanager
def hub_server() -> Iterator[HubServer]:
    """Run a server for the time of the block."""
    server = HubServer()
    try:
        yield server
    finally:
        server.close()


def _serve(hub: HubServer, name: str) -> ThreadingHTTPServer:
    class Handler(_Handler):
        pass

    Handler.hub, Handler.name = hub, name
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
    return server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: HubServer
    name: str
    request_seen: Request

    def log_message(self, *_args: Any) -> None:
        pass

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        seen = Request(self.name, parts.path, query, dict(self.headers.items()))
        self.request_seen = seen
        self.hub.requests.append(seen)
        path = unquote(parts.path)
        routes: list[tuple[str, Callable[..., None]]] = [
            (r"/api/models", self._search),
            (r"/api/models/(?P<repo>[^/]+/[^/]+)(?:/revision/(?P<revision>.+))?", self._info),
            (r"/openapi/v1/models", self._modelscope_search),
            (r"/openapi/v1/models/(?P<repo>[^/]+/[^/]+)", self._modelscope_info),
            (r"/api/v1/models/(?P<repo>[^/]+/[^/]+)/repo/files", self._modelscope_files),
            (
                r"/models/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<file>.+)",
                self._modelscope_file,
            ),
            (r"/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<file>.+)", self._resolve),
            (r"/lfs/(?P<repo>[^/]+/[^/]+)/(?P<file>.+)", self._file),
        ]
        for pattern, answer in routes:
            if match := re.fullmatch(pattern, path):
                answer(**{k: v or "" for k, v in match.groupdict().items()})
                return
        self._answer(404, {"error": "Not Found"})

    # The Hub

    def _search(self) -> None:
        wanted = self.request_seen.query.get("search", "").lower()
        found = [name for name in self.hub.repos if wanted in name.lower()]
        self._answer(200, [self._about(name) for name in found])

    def _about(self, repo: str) -> dict[str, Any]:
        held = self.hub.repos[repo]
        tags = [f"license:{held.licence}"]
        tags += [kind for kind in ("safetensors", "gguf") if any(kind in f for f in held.files)]
        return {
            "_id": "1", "id": repo, "modelId": repo, "sha": held.commit, "private": False,
            "gated": held.gated or False, "downloads": 1234, "likes": 56, "tags": tags,
            "safetensors": {"parameters": {"BF16": 1000}, "total": 1000},
        }  # fmt: skip

    def _info(self, repo: str, revision: str) -> None:
        held = self.hub.repos.get(repo)
        if held is None:
            self._refuse(401, "RepoNotFound", "Repository not found")
            return
        if revision not in ("", "main", held.commit):
            self._refuse(404, "RevisionNotFound", "Invalid rev id")
            return
        about = self._about(repo)
        about["siblings"] = []
        for path, data in held.files.items():
            size = held.claims.get(path, len(data))
            sibling: dict[str, Any] = {"rfilename": path, "size": size, "blobId": git(data)}
            if len(data) >= LARGE:
                sha = hashlib.sha256(data).hexdigest()
                sibling["lfs"] = {"sha256": sha, "size": size, "pointerSize": 134}
            about["siblings"].append(sibling)
        self._answer(200, about)

    def _resolve(self, repo: str, revision: str, file: str) -> None:
        held = self.hub.repos.get(repo)
        if held is None or file not in held.files or revision not in ("main", held.commit):
            self._refuse(404, "EntryNotFound", "Entry not found")
            return
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if held.gated and token not in self.hub.tokens:
            code = 403 if token else 401
            self._refuse(code, "GatedRepo", f"Access to model {repo} is restricted")
            return
        if len(held.files[file]) < LARGE:
            self._file(repo, file)
            return
        where = f"{self.hub.storage}/lfs/{repo}/{quote(file)}?signature=s"
        self._answer(302, None, {"Location": where, "X-Repo-Commit": held.commit})

    # ModelScope

    def _modelscope_search(self) -> None:
        wanted = self.request_seen.query.get("search", "").lower()
        models = [self._modelscope_about(n) for n in self.hub.repos if wanted in n.lower()]
        self._answer(200, {"success": True, "data": {"models": models, "total_count": 1}})

    def _modelscope_info(self, repo: str) -> None:
        self._answer(200, {"success": True, "data": self._modelscope_about(repo)})

    def _modelscope_about(self, name: str) -> dict[str, Any]:
        repo = self.hub.repos[name]
        return {
            "id": name, "downloads": 77, "likes": 8, "license": repo.licence, "params": 1000,
            "file_size": sum(map(len, repo.files.values())), "gated": bool(repo.gated),
            "tags": ["library:safetensors", "task:text-generation"],
        }  # fmt: skip

    def _modelscope_files(self, repo: str) -> None:
        is_known = self.request_seen.query.get("Revision") == "master"
        if repo not in self.hub.repos or not is_known:
            self._answer(404, {"Code": 10010205001, "Message": "Not found", "Success": False})
            return
        held = self.hub.repos[repo]
        files: list[dict[str, Any]] = [{"Path": "folder", "Type": "tree", "Size": 0, "Sha256": ""}]
        files += [
            {"Path": path, "Name": path, "Type": "blob", "Size": len(data),
             "Sha256": hashlib.sha256(data).hexdigest(), "Revision": held.commit,
             "CommittedDate": 1726842501, "IsLFS": len(data) >= LARGE}
            for path, data in held.files.items()
        ]  # fmt: skip
        self._answer(200, {"Code": 200, "Data": {"Files": files}, "Success": True})

    def _modelscope_file(self, repo: str, revision: str, file: str) -> None:
        assert revision == "master"
        # It sends parts with the code of a whole.
        self._file(repo, file, code_of_part=200)

    # Bytes

    def _file(self, repo: str, file: str, code_of_part: int = 206) -> None:
        data = self.hub.repos[repo].files[file]
        faults = self.hub.faults.get(file, [])
        fault = faults.pop(0) if faults else Fault()
        if fault.status:
            self._answer(fault.status, {"error": "so it is"}, fault.headers)
            return
        if fault.page:
            self._head(200, {"Content-Type": "text/html", "Connection": "close"})
            self.wfile.write(fault.page)
            return
        if fault.etag:
            self.hub.etags[file] = fault.etag
        etag = self.hub.etags.get(file) or f'"{hashlib.md5(data).hexdigest()}"'  # noqa: S324
        start = 0
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = self.headers.get("If-Range", etag) == etag
        if match and same and not fault.whole:
            start = int(match[1])
        headers = {"ETag": etag, "Accept-Ranges": "bytes", "Content-Length": str(len(data) - start)}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        if fault.spoil:
            data = bytes([data[0] ^ 1]) + data[1:]
        self._head(code_of_part if start else 200, headers)
        self._send(data, start, fault)

    def _send(self, data: bytes, start: int, fault: Fault) -> None:
        ends = {len(data), fault.drop_at, fault.hold_at}
        marks = sorted(end for end in ends if end is not None and end > start)
        for mark in marks:
            for place in range(start, mark, _BLOCK):
                piece = data[place : min(place + _BLOCK, mark)]
                self.wfile.write(piece)
                self.request_seen.sent += len(piece)
                if self.hub.rate:
                    time.sleep(len(piece) / self.hub.rate)
            start = mark
            if mark == fault.hold_at:
                self.hub.release.wait(30)
            if mark == fault.drop_at:
                self.close_connection = True
                return

    def _refuse(self, code: int, name: str, words: str) -> None:
        self._answer(code, {"error": words}, {"X-Error-Code": name, "X-Error-Message": words})

    def _answer(self, code: int, value: object, headers: dict[str, str] | None = None) -> None:
        body = b"" if value is None else json.dumps(value).encode()
        length = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        self._head(code, length | (headers or {}))
        self.wfile.write(body)

    def _head(self, code: int, headers: dict[str, str]) -> None:
        self.request_seen.status = code
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def git(data: bytes) -> str:
    """Return the SHA-1 that git gives to a file."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()  # noqa: S324
