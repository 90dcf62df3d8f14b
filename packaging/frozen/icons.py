"""Draws phidesk's icon for a system: `python packaging/frozen/icons.py FOLDER`.

Makes hicolor/ for Linux, phidesk.ico for Windows and phidesk.icns for macOS.
"""

import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SVG = Path(__file__).parents[2] / "resources" / "icons" / "phidesk.svg"
HICOLOR = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO = (16, 24, 32, 48, 64, 256)
# By Apple's names for PNG of these sizes, the second of two being for a scale of 2.
ICNS = {b"icp4": 16, b"icp5": 32, b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic13": 256,
        b"ic08": 256, b"ic14": 512, b"ic09": 512, b"ic10": 1024}  # fmt: skip


def main(folder: Path) -> None:
    """Write all of them."""
    for size in HICOLOR:
        place = folder / "hicolor" / f"{size}x{size}" / "apps"
        place.mkdir(parents=True, exist_ok=True)
        (place / "phidesk.png").write_bytes(drawn(size))
    place = folder / "hicolor" / "scalable" / "apps"
    place.mkdir(parents=True, exist_ok=True)
    (place / "phidesk.svg").write_bytes(SVG.read_bytes())
    (folder / "phidesk.ico").write_bytes(ico())
    (folder / "phidesk.icns").write_bytes(icns())


def drawn(size: int) -> bytes:
    """Return the icon as PNG."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(SVG)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def ico() -> bytes:
    """Return a Windows icon: a table of the pictures, then the pictures."""
    pictures = [(size, drawn(size)) for size in ICO]
    table, data = struct.pack("<HHH", 0, 1, len(pictures)), b""
    begin = len(table) + 16 * len(pictures)
    for size, png in pictures:
        side = size % 256  # 0 stands for 256
        table += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(png), begin + len(data))
        data += png
    return table + data


def icns() -> bytes:
    """Return a macOS icon: pictures, each with its kind and length before it."""
    body = b"".join(
        kind + struct.pack(">I", 8 + len(png)) + png
        for kind, png in ((kind, drawn(size)) for kind, size in ICNS.items())
    )
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


if __name__ == "__main__":
    main(Path(sys.argv[1]))
