"""Where phidesk keeps its own files."""

import os
import sys
import zlib
from pathlib import Path

from platformdirs import PlatformDirs

_DIRS = PlatformDirs("phidesk", appauthor=False)
_PACKAGE = Path(__file__).parents[1]
_MODELS_VARIABLE = "PHIDESK_MODELS"


def resources() -> Path:
    """Return the folder of icons and texts: beside the package in a checkout, inside a wheel."""
    inside = _PACKAGE / "resources"
    return inside if inside.is_dir() else _PACKAGE.parent / "resources"


def engine_locks() -> Path:
    """Return the folder of the engines' lock files."""
    inside = _PACKAGE / "engine_locks"
    return inside if inside.is_dir() else _PACKAGE.parent / "packaging" / "engines"


def engine_source() -> Path:
    """Return the folder that another Python imports phidesk from.

    The packaged window has its modules in an archive that no other Python reads: `source` beside
    it holds them as files, and nothing else, for the rest of it is for its own Python only.
    """
    inside = getattr(sys, "_MEIPASS", "")
    return Path(inside, "source") if inside else _PACKAGE.parent


def data_dir() -> Path:
    """Return the folder of what the user made with phidesk; it may not exist yet."""
    return Path(_DIRS.user_data_dir)


def models_dir() -> Path:
    """Return phidesk's own models folder; it may not exist yet."""
    chosen = os.environ.get(_MODELS_VARIABLE)
    return Path(chosen) if chosen else data_dir() / "models"


def choose_models_dir(folder: str) -> None:
    """Have models kept elsewhere, by this process and those that it starts; "": the usual place."""
    if folder:
        os.environ[_MODELS_VARIABLE] = folder
    else:
        os.environ.pop(_MODELS_VARIABLE, None)


def profile_key() -> str:
    """Return what tells one data folder from another in names of files that lie elsewhere."""
    return f"{zlib.crc32(os.fsencode(data_dir().absolute())):08x}"


def config_dir() -> Path:
    """Return the folder of the user's settings; it may not exist yet."""
    return Path(_DIRS.user_config_dir)


def cache_dir() -> Path:
    """Return the folder of what can be computed again; it may not exist yet."""
    return Path(_DIRS.user_cache_dir)


def state_dir() -> Path:
    """Return the folder of logs and traces; it may not exist yet."""
    return Path(_DIRS.user_state_dir)
