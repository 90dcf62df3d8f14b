"""Which Python runs which engine, and what is installed in it.

A source checkout runs all engines with its own Python. The packaged window has llama.cpp inside,
and runs torch's engines with the engine environment. A Python that the user chose goes before
both. PHIDESK_ENGINES=here or =managed overrules it, for tests.
"""

import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder

from phidesk.core.engine_environments import Environment, load_environments, packages_in
from phidesk.core.paths import engine_source

VARIABLE = "PHIDESK_ENGINES"
HERE, MANAGED = "here", "managed"
_INSIDE = frozenset({"", "llamacpp"})
"""engines that the window's own Python has; "" is a worker without one, such as a download's"""
_OWN_MODULES = frozenset({"xllamacpp"})


def environment() -> Environment | None:
    """Return where torch's engines run; None: in this Python, or nowhere yet."""
    if os.environ.get(VARIABLE, "") == HERE:
        return None
    found = load_environments()
    if found.chosen is not None and takes_chosen():
        return found.chosen
    return found.current if is_managed() else None


def is_managed() -> bool:
    """Return whether engines are in an environment of their own, installed or not."""
    how = os.environ.get(VARIABLE, "")
    return how == MANAGED or (how != HERE and bool(getattr(sys, "frozen", False)))


def takes_chosen() -> bool:
    """Return whether a Python that the user chose is used."""
    return os.environ.get(VARIABLE, "") not in (HERE, MANAGED)


def running() -> Environment | None:
    """Return this Python, where it is to have torch's engines itself; None where it is not."""
    if is_managed():
        return None
    import platform

    sites = tuple(path for path in dict.fromkeys(sys.path) if path)
    return Environment(
        python=sys.executable,
        sites=sites,
        version=platform.python_version(),
        packages=packages_in(sites),
    )


def way_to_install(extra: str) -> str:
    """Return how the user gets the engines, in words; extra: the one of phidesk's package."""
    if is_managed():
        return (
            "Install the engines: Models page, “Install the engines…”, or phidesk engines install."
        )
    return f"Install phidesk with its engines: pip install 'phidesk[{extra}]'."


def find_spec(module: str) -> ModuleSpec | None:
    """Return where the engines' Python has a module, None for nowhere; nothing is imported."""
    if module in _OWN_MODULES:
        return importlib.util.find_spec(module)
    found = environment()
    if found is not None:
        return PathFinder.find_spec(module, list(found.sites))
    return None if is_managed() else importlib.util.find_spec(module)


def version(package: str, found: Environment | None) -> str:
    """Return a package's version in an environment, or here; raises ImportError without it."""
    from importlib import metadata  # takes 20 ms, which the window's start can do without

    if found is None:
        return metadata.version(package)
    for distribution in metadata.distributions(name=package, path=list(found.sites)):
        return distribution.version
    raise ImportError(package)


def python_for(engine: str) -> str:
    """Return the Python that a worker for the engine is started with."""
    found = environment() if engine not in _INSIDE else None
    return found.python if found is not None else sys.executable


def variables_for(python: str) -> dict[str, str]:
    """Return the variables that a worker of this Python starts with."""
    variables = dict(os.environ)
    if python == sys.executable:
        return variables
    return clean(variables) | {"PYTHONPATH": str(engine_source()), VARIABLE: HERE}


def clean(variables: dict[str, str]) -> dict[str, str]:
    """Return the variables without those that belong to this Python.

    The path of libraries that PyInstaller sets is given back when the packaged window starts.
    """
    own = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
    return {name: value for name, value in variables.items() if name not in own}
