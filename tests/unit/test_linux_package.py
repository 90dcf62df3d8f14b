"""The files that tell a Linux desktop about phidesk agree with each other and with the code."""

import argparse
import configparser
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

import phidesk.__main__
from phidesk import __version__
from phidesk.cli.parser import make_parser

ROOT = Path(__file__).parents[2]
LINUX = ROOT / "packaging" / "linux"
METAINFO = LINUX / "app.phidesk.phidesk.metainfo.xml"
DESKTOP = LINUX / "phidesk.desktop"


def parsed(file: Path) -> ElementTree.Element:
    return ElementTree.parse(file).getroot()  # noqa: S314 - a file of ours


@pytest.fixture(scope="module")
def metainfo() -> ElementTree.Element:
    return parsed(METAINFO)


@pytest.fixture(scope="module")
def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DESKTOP, encoding="utf-8")
    return parser["Desktop Entry"]


@pytest.mark.parametrize(
    "command",
    [
        ("desktop-file-validate", str(DESKTOP)),
        ("appstreamcli", "validate", "--no-net", "--pedantic", str(METAINFO)),
        ("man", "--warnings", "--local-file", str(LINUX / "phidesk.1")),
    ],
)
def test_the_validators_are_content(command: tuple[str, ...]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} here")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in done.stderr


def test_all_name_the_version_of_the_package(metainfo: ElementTree.Element) -> None:
    newest = metainfo.find("releases/release")
    assert newest is not None
    assert newest.get("version") == __version__
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == __version__
    assert (LINUX / "changelog").read_text("utf-8").startswith(f"phidesk ({__version__}) ")
    assert f'"phidesk {__version__}"' in (LINUX / "phidesk.1").read_text("utf-8")


def test_one_file_type_is_declared_opened_and_told(
    metainfo: ElementTree.Element,
    entry: configparser.SectionProxy,
    gguf_bytes: Callable[..., bytes],
) -> None:
    namespace = "{http://www.freedesktop.org/standards/shared-mime-info}"
    declared = parsed(LINUX / "phidesk.mime.xml").find(f"{namespace}mime-type")
    assert declared is not None
    kind = declared.get("type")
    assert entry["MimeType"] == f"{kind};"
    assert metainfo.findtext("provides/mediatype") == kind
    magic = declared.find(f"{namespace}magic/{namespace}match")
    assert magic is not None
    assert gguf_bytes().startswith((magic.get("value") or "").encode())


def test_a_file_after_the_command_is_opened_in_the_window(
    entry: configparser.SectionProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_window(model: str = "", *, theme: str = "system", path: str = "") -> int:
        opened.append(path)
        return 0

    monkeypatch.setattr(phidesk.__main__, "open_window", open_window)
    command, *arguments = entry["Exec"].split()
    assert (command, arguments) == ("phidesk", ["%f"])
    for path in ("/models/a model.gguf", "here.GGUF", "/models/folder"):
        assert phidesk.__main__.main([path]) == 0
    assert opened == ["/models/a model.gguf", str(Path.cwd() / "here.GGUF"), "/models/folder"]
    with pytest.raises(SystemExit):
        phidesk.__main__.main(["no-command"])


def test_the_manual_names_every_command_and_option() -> None:
    manual = (LINUX / "phidesk.1").read_text("utf-8").replace("\\-", "-")
    for action in make_parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices:
                assert re.search(rf'^\.(B|BI|RI) "?{command}\b', manual, re.MULTILINE), command
        else:
            assert action.option_strings[-1] in manual


def test_the_screenshots_that_are_shown_exist(metainfo: ElementTree.Element) -> None:
    images = [image.text or "" for image in metainfo.iter("image")]
    assert images
    for address in images:
        assert (ROOT / "resources" / "screenshots" / address.rpartition("/")[2]).is_file()


def test_the_icon_is_crisp_at_the_smallest_size() -> None:
    image = QImage(16, 16, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    icon = QSvgRenderer(str(ROOT / "resources" / "icons" / "phidesk.svg"))
    icon.render(painter, QRectF(0, 0, 16, 16))
    painter.end()
    row = [image.pixelColor(x, 3) for x in range(16)]  # above the ring: only the stem
    assert [x for x, colour in enumerate(row) if colour == QColor("white")] == [7, 8]
    assert row[6].blue() > row[6].red() + 60
    assert [image.pixelColor(x, 8).alpha() for x in (0, 1, 14, 15)] == [0, 255, 255, 0]
