"""What the user chose, kept as one JSON file."""

import contextlib
from pathlib import Path

import msgspec

from phidesk.core.paths import config_dir


class Settings(msgspec.Struct, kw_only=True):
    """All settings; a field that a file lacks has its default."""

    theme: str = "system"
    folders: list[str] = []
    show_panel: bool = True


class SettingsFile:
    """Reads and writes the settings; a damaged file gives the defaults and is kept aside."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or config_dir() / "settings.json"

    def load(self) -> Settings:
        """Return the saved settings, or the defaults."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Settings)
        except FileNotFoundError:
            return Settings()
        except (msgspec.DecodeError, UnicodeDecodeError):
            with contextlib.suppress(OSError):
                self._path.replace(self._path.with_suffix(".damaged.json"))
            return Settings()
        except OSError:
            return Settings()

    def save(self, settings: Settings) -> None:
        """Write the settings in one step; raises OSError where that fails."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".partial")
        partial.write_bytes(msgspec.json.format(msgspec.json.encode(settings)))
        partial.replace(self._path)
