"""What the user chose, kept as one JSON file."""

import contextlib
from pathlib import Path

import msgspec

from phidesk.core.chat import DEFAULT_SYSTEM_PROMPT
from phidesk.core.consents import Consent
from phidesk.core.context import Overflow
from phidesk.core.engines import EngineName
from phidesk.core.load_options import LoadOptions
from phidesk.core.paths import config_dir
from phidesk.core.writing import write_in_one_step


class RememberedLoad(msgspec.Struct, frozen=True, kw_only=True):
    """How a model was loaded; engine and context_length None: automatic."""

    engine: EngineName | None = None
    context_length: int | None = None
    options: LoadOptions = LoadOptions()


class WindowState(msgspec.Struct, frozen=True, kw_only=True):
    """How the window was left. geometry: Qt's own form, in base 64; page: its place in the rail."""

    geometry: str = ""
    page: int = 0
    shows_chats: bool = True


class Settings(msgspec.Struct, kw_only=True):
    """All settings; a field that a file lacks has its default.

    load: how a model is to be loaded, names: what the user calls it, by the model's path. consents:
    which marked models may be loaded, by Trust.key. offline: nothing goes out, also no search or
    download. hub_mirror: asked in place of huggingface.co, "" for none. last_model: the path of
    what was loaded last, "" for the starter model. shortcuts: the keys that the user gave to
    actions, in Qt's portable form. overflow: what happens to chats that no longer fit the context,
    where a chat does not say so itself. language: "system", or a code such as "zh_CN", from the
    next start on. models_folder: "" for the usual place. system_prompt, preset: how new chats
    begin. default_engine: taken for models that it reads, None: automatic. first_run_done: whether
    the user was shown what can be chosen.
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
    last_model: str = ""
    shortcuts: dict[str, str] = {}
    overflow: Overflow = Overflow.ASK
    language: str = "system"
    models_folder: str = ""
    system_prompt: str = DEFAULT_SYSTEM_PROMPT
    preset: str = ""
    default_engine: EngineName | None = None
    first_run_done: bool = False
    window: WindowState = WindowState()


class SettingsFile:
    """Reads and writes the settings; what cannot be read is kept aside, never written over.

    problem: after load, what is wrong with the whole file, in words; "" for nothing.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or config_dir() / "settings.json"
        self._keeps_aside = False
        self.problem = ""

    def load(self) -> Settings:
        """Return the saved settings, with the default of each that cannot be read.

        Where the file as a whole cannot be read, or whether phidesk is to be offline, it is.
        """
        try:
            raw = msgspec.json.decode(self._path.read_bytes(), type=dict[str, object])
        except FileNotFoundError:
            return Settings()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OSError) as error:
            self._keeps_aside = True
            self.problem = (
                f"Your settings cannot be read: {error}. phidesk starts with new ones, and "
                f"offline. What you choose is saved, and “{self._path}” then kept as "
                f"“{self._aside.name}”."
            )
            return Settings(offline=True)
        settings, bad = _decode(raw)
        self._keeps_aside = bool(bad)
        return settings

    def save(self, settings: Settings) -> None:
        """Write the settings in one step; raises OSError where that fails."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        data = msgspec.json.format(msgspec.json.encode(settings))
        if not self._keeps_aside:
            write_in_one_step(self._path, data)
            return
        with contextlib.suppress(FileNotFoundError):
            self._path.replace(self._aside)  # it may be one that cannot be read, to be copied
        try:
            write_in_one_step(self._path, data)
        except OSError:
            with contextlib.suppress(OSError):
                self._aside.replace(self._path)
            raise
        self._keeps_aside = False

    @property
    def _aside(self) -> Path:
        return self._path.with_name(f"{self._path.name}.damaged")


def _decode(raw: dict[str, object]) -> tuple[Settings, list[str]]:
    """Return the settings, and the fields that cannot be read: these have their defaults.

    An entry of a table that another version wrote is left out, and costs no other.
    """
    settings, bad = Settings(), []
    for field in msgspec.structs.fields(Settings):
        if field.name not in raw:
            continue
        found = raw[field.name]
        if field.name in _TABLES and isinstance(found, dict):
            kind = _TABLES[field.name]
            found = {key: entry for key, entry in found.items() if _is_readable(entry, kind)}
        try:
            setattr(settings, field.name, msgspec.convert(found, field.type))
        except msgspec.ValidationError:
            bad.append(field.name)
    if "offline" in bad:  # the user had chosen something
        settings.offline = True
    return settings, bad


_TABLES = {"load": RememberedLoad, "consents": Consent, "names": str, "shortcuts": str}


def _is_readable(entry: object, kind: type) -> bool:
    try:
        msgspec.convert(entry, kind)
    except msgspec.ValidationError:
        return False
    return True
