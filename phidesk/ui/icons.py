"""Icons drawn for phidesk, tinted to the theme and crisp at every scale."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from phidesk.core.paths import resources

_SIZES = (16, 20, 24, 32, 48, 64)


@lru_cache(maxsize=128)
def tinted_icon(name: str, colour: str) -> QIcon:
    """Return the icon `resources/icons/<name>.svg` in a colour."""
    svg = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", colour).encode()))
    icon = QIcon()
    for size in _SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        icon.addPixmap(pixmap)
    return icon


def app_icon() -> QIcon:
    """Return phidesk's own icon."""
    return tinted_icon("phidesk", "#ffffff")
