"""What the user chose, kept as one JSON file."""

import contextlib
from pathlib import Path

import msgspec

from phidesk.core.consents import Consent
from phidesk.core.engines import EngineName
from phidesk.core.load_options import LoadOptions
from phidesk.core.paths import config_dir


class RememberedLoad(msgspec.Struct, frozen=True, kw_only=True):
    """How a model was loaded; engine and context_length None: automatic."""

    engine: EngineName | None = None
    context_length: int | None = None
    options: LoadOptions = LoadOptions()


class Settings(msgspec.Struct, kw_only=True):
    """All settings; a field that a file lacks has its default.

    load: how a model is to be loaded, names: what the user calls it, by the model's path.
    consents: which marked models may be loaded, by Trust.key. offline: nothing goes out, also no
    search or download. hub_mirror: asked in place of huggingface.co, "" for none.
    """

    theme: str = "system"
    folders: list[str] = []
    show_panel: bool = True
    load: dict[str, RememberedLoad] = {}
    consents: dict[str, Consent] = {}
    offline: bool = False
    hub_mirror: str = ""
    downloads_at_once: int = 2
    names: dict[str, str] = {}


class SettingsFile:
    """Reads and writes the settings; a damaged file gives the defaults and is kept aside."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or config_dir() / "settings.json"

    def load(self) -> Settings:
        """Return the saved settings, or the defaults."""
        try:
            return _decode(self._path.read_bytes())
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


def _decode(data: bytes) -> Settings:
    """Return the settings; an entry of a table that another version wrote is left out."""
    try:
        return msgspec.json.decode(data, type=Settings)
    except msgspec.ValidationError:
        raw = msgspec.json.decode(data)
        if not isinstance(raw, dict):
            raise
        for field, kind in (("load", RememberedLoad), ("consents", Consent)):
            entries = raw.get(field, {})
            if not isinstance(entries, dict):
                raise
            raw[field] = {key: e for key, e in entries.items() if _is_readable(e, kind)}
        return msgspec.convert(raw, Settings)


def _is_readable(entry: object, kind: type) -> bool:
    try:
        msgspec.convert(entry, kind)
    except msgspec.ValidationError:
        return False
    return True
