"""`phidesk engines`: install, repair, upgrade, roll back and remove what torch's engines need."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path

import msgspec

from phidesk.cli.chat import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE
from phidesk.client.engine_check import choose
from phidesk.client.engine_install import Stage, Step, install, remove, roll_back, use
from phidesk.client.uv import EngineInstallError, Trouble
from phidesk.core.amounts import size
from phidesk.core.engine_environments import (
    EngineState,
    Environment,
    Environments,
    Flavour,
    Lock,
    engines_dir,
    flavour_for,
    load_environments,
    lock_of,
    state_of,
)
from phidesk.core.engine_python import environment, is_managed, python_for
from phidesk.core.settings import SettingsFile
from phidesk.hardware.sampler import HardwareSampler

_STAGES = {
    Stage.PREPARE: "preparing",
    Stage.DOWNLOAD: "downloading and unpacking",
    Stage.TEST: "trying the engines",
    Stage.DONE: "done",
}


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What `list --json` prints: what there is, and what an install would take, in bytes."""

    flavour: str
    state: EngineState
    managed: bool
    python: str
    folder: str
    download_bytes: int
    installed_bytes: int
    environments: Environments


def run_engines(options: argparse.Namespace) -> int:
    """Run the command; the exit status is 1 where it could not be done."""
    chosen = Flavour(options.flavour) if options.flavour else None
    flavour = chosen or flavour_for(has_nvidia=bool(HardwareSampler().sample().gpus))
    lock = lock_of(flavour) if flavour is not None else None
    try:
        match options.action:
            case "list":
                _list(lock, as_json=options.json)
            case "rollback":
                print(f"Back to {roll_back().folder}.")
            case "remove":
                print(f"Removed; {size(remove())} are free again.")
            case "use" if options.python:
                _done(
                    _interruptible(_use(Path(options.python).expanduser().absolute())),
                    as_json=options.json,
                )
            case "use":
                use(None)
                print("The engines run in phidesk's own environment again.")
            case _:
                _install(lock, options)
    except EngineInstallError as error:
        print(f"phidesk: {error}", file=sys.stderr)
        if error.details and error.trouble is Trouble.OTHER:
            print(error.details, file=sys.stderr)
        return EXIT_USAGE if error.trouble is Trouble.UNSUPPORTED else EXIT_FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("\nphidesk: stopped; the next install goes on with what came.", file=sys.stderr)
        return EXIT_INTERRUPTED
    return 0


def _install(lock: Lock | None, options: argparse.Namespace) -> None:
    if lock is None:
        words = "There are no engines for this kind of machine yet: llama.cpp runs here."
        raise EngineInstallError(Trouble.UNSUPPORTED, words)
    if SettingsFile().load().offline:
        words = "phidesk is set to be offline: allow it to go out in the privacy dialog."
        raise EngineInstallError(Trouble.OFFLINE, words)
    tell = _print_step if options.json else _show_step
    afresh = options.action == "repair"
    _done(_interruptible(install(lock, tell, afresh=afresh)), as_json=options.json)


def _interruptible(work: Coroutine[None, None, Environment]) -> Environment:
    """Run it so that a termination cancels it, as Ctrl+C does, and ends uv."""

    async def run() -> Environment:
        task = asyncio.ensure_future(work)
        if sys.platform != "win32":
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await task

    return asyncio.run(run())


async def _use(python: Path) -> Environment:
    found = await choose(python)
    use(found)
    return found


def _list(lock: Lock | None, *, as_json: bool) -> None:
    found = load_environments()
    listing = Listing(
        flavour=lock.flavour if lock else "",
        state=state_of(lock),
        managed=is_managed(),
        python=python_for("transformers"),
        folder=str(engines_dir()),
        download_bytes=lock.download if lock else 0,
        installed_bytes=lock.installed if lock else 0,
        environments=found,
    )
    if as_json:
        print(msgspec.json.encode(listing).decode())
        return
    print(f"  flavour   {listing.flavour or 'none for this kind of machine yet'}")
    here = "none needed: the Python that phidesk runs in has its own"
    print(f"  state     {listing.state.value if listing.managed else here}")
    if lock is not None:
        print(f"  install   {size(lock.download)} to download, {size(lock.installed)} on the disk")
    for name, kept in (("current", found.current), ("previous", found.previous)):
        if kept is not None:
            print(f"  {name:9} {kept.folder} ({size(kept.size)})")
    if found.chosen is not None:
        print(f"  chosen    {found.chosen.python}")
    is_nowhere = listing.managed and environment() is None
    print(f"  in use    {'none yet' if is_nowhere else listing.python}")
    print(f"  folder    {listing.folder}")


def _done(made: Environment, *, as_json: bool) -> None:
    if as_json:
        print(msgspec.json.encode(made).decode())
    else:
        print(f"The engines run in {made.folder or made.python}.")


def _print_step(step: Step) -> None:
    print(msgspec.json.encode(step).decode(), flush=True)


def _show_step(step: Step) -> None:
    words = _STAGES[step.stage]
    if step.stage is Stage.DOWNLOAD:
        words += f": {size(step.done)} of {size(step.total)}"
        if step.remaining_s is not None:
            words += f", {step.remaining_s:.0f} s left"
    is_terminal = sys.stderr.isatty()
    print(f"\r\033[K{words}" if is_terminal else words, end="" if is_terminal else "\n",
          file=sys.stderr, flush=True)  # fmt: skip
    if step.stage is Stage.DONE and is_terminal:
        print(file=sys.stderr)
