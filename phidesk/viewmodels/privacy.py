"""Every connection that phidesk has had beyond this machine, and the switch that forbids them."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from phidesk.core.settings import Settings, SettingsFile
from phidesk.hardware.connections import Connection as Connection
from phidesk.hardware.connections import ConnectionWatch
from phidesk.hardware.connections import Role as Role
from phidesk.viewmodels.saving import saving_problem


class Exposure(StrEnum):
    """What the connections of phidesk come to."""

    NONE = "none"
    EXPECTED = "expected"
    """Only downloads, which the user started."""
    UNEXPECTED = "unexpected"
    UNKNOWN = "unknown"
    """None that was seen is unexpected, but not everything can be seen."""


class PrivacyViewModel(QObject):
    """Watches from `start` on; the list only grows."""

    changed = Signal()
    """another connection, or the switch"""
    failed = Signal(str)
    _found = Signal()
    """sent by the watch's thread, received in the window's"""

    def __init__(
        self, settings: Settings, file: SettingsFile, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._file = file
        self._watch = ConnectionWatch(on_new=self._found.emit)
        self._found.connect(self.changed)

    @property
    def connections(self) -> tuple[Connection, ...]:
        """All since the start, the oldest first."""
        return self._watch.connections

    @property
    def exposure(self) -> Exposure:
        """What they come to."""
        connections = self.connections
        if not all(connection.role is Role.DOWNLOAD for connection in connections):
            return Exposure.UNEXPECTED
        if self.unreadable or self.is_blind:
            return Exposure.UNKNOWN
        return Exposure.EXPECTED if connections else Exposure.NONE

    @property
    def is_blind(self) -> bool:
        """Whether the system's table of connections cannot be read at all at present."""
        return self._watch.is_blind

    @property
    def unreadable(self) -> int:
        """How many processes the system lets nobody look at."""
        return self._watch.unreadable

    @property
    def watched(self) -> frozenset[int]:
        """The process ids that are looked at."""
        return self._watch.watched

    @property
    def started(self) -> datetime:
        """Since when; in this machine's time zone."""
        return datetime.fromtimestamp(self._watch.started, UTC).astimezone()

    @property
    def offline(self) -> bool:
        """Whether nothing may go out at all, not even what the user would start."""
        return self._settings.offline

    def set_offline(self, offline: bool) -> None:
        """Forbid all connections, or allow those that the user starts."""
        if offline == self._settings.offline:
            return
        self._settings.offline = offline
        self.changed.emit()
        if problem := saving_problem(self._file, self._settings):
            self.failed.emit(problem)

    def export(self, path: Path) -> None:
        """Write all connections as JSON, or as CSV where the name ends so; may raise OSError."""
        path.write_text(
            self._as_csv() if path.suffix.lower() == ".csv" else self._as_json(), "utf-8"
        )

    def start(self) -> None:
        """Begin to watch."""
        self._watch.start()

    def stop(self) -> None:
        """Stop watching."""
        self._watch.stop()

    def _rows(self) -> list[dict[str, object]]:
        return [
            msgspec.to_builtins(connection)
            | {"first_seen": seen_at(connection).isoformat(timespec="milliseconds")}
            for connection in self.connections
        ]

    def _as_csv(self) -> str:
        import csv
        import io

        text = io.StringIO()
        writer = csv.DictWriter(text, Connection.__struct_fields__, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self._rows())
        return text.getvalue()

    def _as_json(self) -> str:
        found = {
            "started": self.started.isoformat(timespec="milliseconds"),
            "until": datetime.now().astimezone().isoformat(timespec="milliseconds"),
            "offline": self.offline,
            "processes_not_readable": self.unreadable,
            "table_not_readable": self.is_blind,
            "connections": self._rows(),
        }
        return msgspec.json.format(msgspec.json.encode(found)).decode() + "\n"


def seen_at(connection: Connection) -> datetime:
    """Return when a connection was first seen, in this machine's time zone."""
    return datetime.fromtimestamp(connection.first_seen, UTC).astimezone()
