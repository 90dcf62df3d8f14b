"""Resolves the engines' lock files anew: `python packaging/engines/refresh.py [FLAVOUR …]`.

Needs uv and the package `packaging`. Which versions there are, and from where, is what the
user's own settings of uv say: nothing of that is written into a lock. The head of a lock says
for which Python it is, and how many bytes its packages are to download and on the disk; the
latter is read from the end of each wheel, without downloading it.
"""

import io
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.request import Request, url2pathname, urlopen

from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

HERE = Path(__file__).parent
COMMAND = "python packaging/engines/refresh.py"
_BLOCK = 2**16


class RemoteFile(io.RawIOBase):
    """A file on a server, of which only the parts are fetched that are read."""

    def __init__(self, url: str, size: int) -> None:
        self._url, self._size, self._at = url, size, 0
        self._begin, self._held = 0, b""

    def seekable(self) -> bool:
        """Return True."""
        return True

    def readable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to where the next read begins."""
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def read(self, count: int = -1) -> bytes:
        """Return the bytes from here on, fetched in blocks."""
        end = self._size if count < 0 else min(self._at + count, self._size)
        if not self._begin <= self._at <= end <= self._begin + len(self._held):
            # zipfile reads backwards from the end: fetch what comes before as well.
            self._begin = max(0, min(self._at, end - _BLOCK))
            asked = Request(self._url, headers={"Range": f"bytes={self._begin}-{end - 1}"})
            with urlopen(asked, timeout=60) as answer:
                if answer.status != 206:
                    raise OSError(f"the server sends no parts of {self._url}")
                self._held = answer.read()
        data = self._held[self._at - self._begin : end - self._begin]
        self._at = end
        return data


def main() -> None:
    """Refresh the flavours that are named, or all."""
    names = sys.argv[1:] or sorted(p.stem for p in HERE.glob("*.in") if p.stem != "common")
    for name in names:
        refresh(name)


def refresh(name: str) -> None:
    """Write the lock of one flavour in one step."""
    source = HERE / f"{name}.in"
    facts = dict(re.findall(r"^# (python|platform|torch) (\S+)$", source.read_text(), re.MULTILINE))
    with tempfile.TemporaryDirectory() as folder:
        lock, sizes = Path(folder, "lock.txt"), Path(folder, "pylock.toml")
        compile_lock(source, facts, lock, "--generate-hashes", "--no-header")
        # The same versions once more, in the form that says where each file is.
        compile_lock(lock, facts, sizes, "--format", "pylock.toml")
        wheels = [wheel_of(p, facts) for p in tomllib.loads(sizes.read_text())["packages"]]
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(sizes_of, wheels))
        facts |= {
            "download": str(sum(download for download, _ in found)),
            "installed": str(sum(installed for _, installed in found)),
        }
        head = f"# Made from {source.name} by `{COMMAND}`; not to be edited.\n"
        head += "".join(f"# {key} {value}\n" for key, value in facts.items())
        partial = HERE / f"{name}.txt.partial"
        partial.write_text(head + lock.read_text())
        partial.replace(HERE / f"{name}.txt")
    sys.stdout.write(f"{name}: {len(wheels)} packages, {facts}\n")


def compile_lock(source: Path, facts: dict[str, str], out: Path, *options: str) -> None:
    """Resolve with uv; ends the script where that fails."""
    command = ["uv", "pip", "compile", "--quiet", "--only-binary", ":all:", str(source)]
    command += ["--python-version", facts["python"], "--python-platform", facts["platform"]]
    done = subprocess.run([*command, "--output-file", str(out), *options], check=False)
    if done.returncode:
        sys.exit(done.returncode)


def wheel_of(package: dict[str, Any], facts: dict[str, str]) -> dict[str, Any]:
    """Return the wheel of a package that uv would take on the flavour's platform."""
    version = (3, int(facts["python"].partition(".")[2]))
    platforms = platforms_of(facts["platform"])
    tags: list[Tag] = [*cpython_tags(version, platforms=platforms)]
    tags += compatible_tags(version, f"cp3{version[1]}", platforms)
    ranks = {tag: rank for rank, tag in enumerate(tags)}
    best: list[tuple[int, dict[str, Any]]] = []
    for wheel in package.get("wheels", ()):
        fitting = parse_wheel_filename(wheel["url"].rpartition("/")[2].replace("%2B", "+"))[3]
        best += [(ranks[tag], wheel) for tag in fitting if tag in ranks]
    if not best:
        sys.exit(f"{package['name']} has no wheel for {facts['platform']}")
    return min(best, key=lambda found: found[0])[1]


def platforms_of(platform: str) -> list[str]:
    """Return the platform tags that fit, best first."""
    if platform == "aarch64-apple-darwin":
        return list(mac_platforms((15, 0), "arm64"))
    newest = int(platform.rpartition("_")[2])
    tags = [f"manylinux_2_{minor}_x86_64" for minor in range(newest, 4, -1)]
    return [*tags, "manylinux2014_x86_64", "manylinux2010_x86_64", "linux_x86_64"]


def sizes_of(wheel: dict[str, Any]) -> tuple[int, int]:
    """Return the bytes of a wheel and of the files in it."""
    if wheel["url"].startswith("file:"):
        local = Path(url2pathname(wheel["url"].removeprefix("file:")))
        size, file = local.stat().st_size, local.open("rb")
    else:
        size = wheel["size"]
        file = RemoteFile(wheel["url"], size)
    with file, zipfile.ZipFile(file) as archive:
        return size, sum(entry.file_size for entry in archive.infolist())


if __name__ == "__main__":
    main()
