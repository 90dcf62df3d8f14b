"""A package index on this machine, with tiny wheels that are made for a test."""

import hashlib
import http.server
import sys
import threading
import zipfile
from pathlib import Path
from typing import Self


class PackageIndex:
    """Serves the wheels of a folder; a name in `withheld` is not sent until `release` is set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fetched: list[str] = []
        self.withheld = ""
        self.asked, self.release = threading.Event(), threading.Event()
        index = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.answer(self)

            def log_message(self, *_arguments: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/simple"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.release.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def add(self, name: str, version: str, size: int = 0) -> str:
        """Make a wheel with a module of that name, and return its line in a lock."""
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info"
        files = {
            f"{name}/__init__.py": f"version = {version!r}\n",
            f"{name}/data": "x" * size,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        files[f"{info}/RECORD"] = "".join(f"{n},,\n" for n in [*files, f"{info}/RECORD"])
        with zipfile.ZipFile(path, "w") as archive:
            for inside, text in files.items():
                archive.writestr(zipfile.ZipInfo(inside), text)  # always the same bytes
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return f"{name}=={version} --hash=sha256:{digest}\n"

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        """Send a package's page, or a wheel."""
        last = request.path.rstrip("/").rpartition("/")[2]
        if last.endswith(".whl"):
            self.fetched.append(last)
            if last == self.withheld:
                self.asked.set()
                self.release.wait()
            body, kind = (self.folder / last).read_bytes(), "application/octet-stream"
        else:
            wheels = sorted(self.folder.glob(f"{last.replace('-', '_')}-*.whl"))
            links = "".join(f'<a href="/files/{w.name}">{w.name}</a>' for w in wheels)
            body, kind = f"<html><body>{links}</body></html>".encode(), "text/html"
        try:
            request.send_response(200)
            request.send_header("Content-Type", kind)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
        except OSError:
            pass  # the one who asked was killed


def write_lock(path: Path, *lines: str, installed: int = 1000) -> None:
    """Write a lock for this Python."""
    python = ".".join(map(str, sys.version_info[:2]))
    facts = f"# python {python}\n# download 1000\n# installed {installed}\n"
    path.write_text(facts + "".join(lines))
