"""What was found in models, and what the user has agreed to."""

import asyncio
from datetime import date

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from phidesk.core.consents import Consent
from phidesk.core.models import Concern, ModelRef
from phidesk.core.settings import Settings, SettingsFile
from phidesk.core.trust import Answer, Trust, inspect, is_agreed, make_consent
from phidesk.protocol.events import FailureKind
from phidesk.viewmodels.load_request import Failure, LoadRequest
from phidesk.viewmodels.saving import saving_problem


class TrustViewModel(QObject):
    """Looks through models and keeps consents, each for one model at one revision."""

    changed = Signal()
    """a consent was given or revoked"""
    inspected = Signal(object)
    """a Trust, after look"""
    failed = Signal(str)

    def __init__(
        self, settings: Settings, file: SettingsFile, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._file = file
        self._looking: set[asyncio.Task[None]] = set()

    @property
    def consents(self) -> dict[str, Consent]:
        """All kept consents, by name."""
        kept = self._settings.consents.items()
        return dict(sorted(kept, key=lambda entry: entry[1].name.casefold()))

    def look(self, model: ModelRef) -> None:
        """Look through a model's files, in the background."""
        task = asyncio.ensure_future(self._look(model))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def shut_down(self) -> None:
        """Wait for what is being looked through."""
        await asyncio.gather(*self._looking)

    async def is_agreed(self, model: ModelRef) -> bool:
        """Return whether the user has agreed to this model as it is now."""
        return self.is_kept(await asyncio.to_thread(inspect, model))

    async def refusal(self, request: LoadRequest) -> Failure | None:
        """Return why a model is not loaded before the user agrees, with the load that would be."""
        trust = await asyncio.to_thread(inspect, request.model)
        if not trust.needs_consent or self.is_kept(trust):
            return None
        asked = [finding for finding in trust.findings if finding.answer is Answer.ASKED]
        what = "; ".join(f"{finding.what} ({finding.where})" for finding in asked)
        code = Concern.REMOTE_CODE in trust.concerns
        words = self.tr("“{0}” is loaded once you agree to what was found in it. {1}.")
        return Failure(
            FailureKind.REMOTE_CODE if code else FailureKind.ODD_TEMPLATE,
            words.format(trust.name, what),
            retry=replace(request, without_code=True),
        )

    def is_kept(self, trust: Trust) -> bool:
        """Return whether a kept consent is about what was found."""
        return is_agreed(self._settings.consents, trust)

    def agree(self, trust: Trust) -> None:
        """Keep the consent to what was found in a model."""
        self._settings.consents[trust.key] = make_consent(trust, date.today())
        self._save()

    def revoke(self, key: str) -> None:
        """Forget a consent: the next load asks again."""
        if self._settings.consents.pop(key, None) is not None:
            self._save()

    async def _look(self, model: ModelRef) -> None:
        self.inspected.emit(await asyncio.to_thread(inspect, model))

    def _save(self) -> None:
        self.changed.emit()
        if problem := saving_problem(self._file, self._settings):
            self.failed.emit(problem)
