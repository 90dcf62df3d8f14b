"""The engine environments as the window shows them: what there is, and installs under way."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from phidesk.client.engine_check import choose, try_engines
from phidesk.client.engine_install import (
    SelfTest,
    Step,
    install,
    remove,
    roll_back,
    to_its_end,
    use,
)
from phidesk.client.uv import EngineInstallError, Trouble
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
from phidesk.core.engine_python import running, takes_chosen
from phidesk.core.engines import EngineName, missing_modules
from phidesk.core.files import free_bytes


class EnginesViewModel(QObject):
    """Installs one thing at a time.

    lock: what this phidesk would install here, None for nothing. step: how far the install is,
    None where there is none. problem: why the last one came to nothing.
    """

    changed = Signal()
    progress_changed = Signal()
    engines_changed = Signal()
    """torch's engines run in another environment from now on"""
    install_ended = Signal(bool)
    """whether it came to its end; not of one that was cancelled"""

    def __init__(
        self,
        has_nvidia: Callable[[], bool],
        is_offline: Callable[[], bool],
        *,
        lock: Lock | None = None,
        self_test: SelfTest = try_engines,
    ) -> None:
        super().__init__()
        self._is_offline = is_offline
        self._self_test = self_test
        self._task: asyncio.Task[None] | None = None
        self._is_stoppable = False
        self.lock = lock or _lock_here(has_nvidia())
        self.step: Step | None = None
        self.problem: EngineInstallError | None = None

    @property
    def environments(self) -> Environments:
        """What is installed, and what the user chose."""
        return load_environments()

    @property
    def state(self) -> EngineState:
        """What there is of the managed engines."""
        return state_of(self.lock)

    @property
    def running(self) -> Environment | None:
        """This Python, where it has the engines itself: nothing is installed then."""
        return running()

    @property
    def takes_chosen(self) -> bool:
        """Whether a Python that the user chose is used."""
        return takes_chosen()

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is missing where the engines run, for safetensors models to be loaded."""
        return missing_modules(EngineName.TRANSFORMERS)

    @property
    def folder(self) -> Path:
        """Where all of it lies."""
        return engines_dir()

    @property
    def free_bytes(self) -> int:
        """What the disk has room for."""
        return free_bytes(engines_dir()) or 0

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return self._task is not None

    @property
    def can_cancel(self) -> bool:
        """Whether what is under way can be stopped: what takes a moment cannot."""
        return self.is_busy and self._is_stoppable

    @property
    def can_roll_back(self) -> bool:
        """Whether there are earlier engines that are whole."""
        previous = self.environments.previous
        return previous is not None and previous.is_whole

    def install(self) -> None:
        """Install, upgrade, or go on with an install that was broken off."""
        self._start(self._install(afresh=False))

    def repair(self) -> None:
        """Download everything again, and switch to it."""
        self._start(self._install(afresh=True))

    def cancel(self) -> None:
        """Stop what is under way; what came is kept."""
        if self._task is not None:
            self._task.cancel()

    def roll_back(self) -> None:
        """Go back to the engines before, or from there to the newer ones again."""
        self._start_in_thread(roll_back)

    def remove(self) -> None:
        """Delete everything that was installed."""
        self._start_in_thread(remove)

    def choose(self, python: Path) -> None:
        """Run the engines in a Python of the user's own, if it has them."""
        self._start(self._choose(python))

    def forget_chosen(self) -> None:
        """Run them in phidesk's own environment again."""
        self._start_in_thread(lambda: use(None))

    async def shut_down(self) -> None:
        """Stop what is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _start(self, work: Coroutine[None, None, None], *, is_stoppable: bool = True) -> None:
        if self._task is not None:
            work.close()
            return
        self.problem = None
        self._is_stoppable = is_stoppable
        self._task = asyncio.ensure_future(self._run(work))
        self.changed.emit()

    async def _run(self, work: Coroutine[None, None, None]) -> None:
        before = self.environments
        try:
            await work
        except EngineInstallError as error:
            self.problem = error
        finally:
            self._task, self.step = None, None
            self.changed.emit()
            if self.environments != before:
                self.engines_changed.emit()

    async def _install(self, *, afresh: bool) -> None:
        if self.lock is None:
            words = "There are no engines for this kind of machine yet: llama.cpp runs here."
            raise EngineInstallError(Trouble.UNSUPPORTED, words)
        if self._is_offline():
            words = "phidesk is offline, as you chose: allow it to go out, and try again."
            raise EngineInstallError(Trouble.OFFLINE, words)
        try:
            await install(self.lock, self._on_step, afresh=afresh, self_test=self._self_test)
        except EngineInstallError:
            self.install_ended.emit(False)
            raise
        self.install_ended.emit(True)

    async def _choose(self, python: Path) -> None:
        found = await choose(python)
        await to_its_end(lambda: use(found))

    def _start_in_thread(self, work: Callable[[], object]) -> None:
        async def run() -> None:
            await to_its_end(work)

        self._start(run(), is_stoppable=False)

    def _on_step(self, step: Step) -> None:
        self.step = step
        self.progress_changed.emit()


def _lock_here(has_nvidia: bool) -> Lock | None:
    flavour: Flavour | None = flavour_for(has_nvidia=has_nvidia)
    return lock_of(flavour) if flavour is not None else None
