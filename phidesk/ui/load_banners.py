"""What a load comes to, in the window's banner, with the ways out."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from phidesk.ui.theme import Look
from phidesk.ui.widgets import Banner
from phidesk.ui.wording import left_text, returned_text
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.load_request import Failure, LoadRequest
from phidesk.viewmodels.memory import MemoryReturn
from phidesk.viewmodels.models import ModelsViewModel

if TYPE_CHECKING:
    from phidesk.viewmodels.trust import TrustViewModel


class LoadBanners(QObject):
    """Turns what the session says of loads into banners."""

    def __init__(
        self,
        window: QWidget,
        banner: Banner,
        session: EngineSession,
        models: ModelsViewModel,
        load_plan: LoadPlan,
        trust: "Callable[[], TrustViewModel]",
        look: Look,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._banner = banner
        self._session = session
        self._models = models
        self._load_plan = load_plan
        self._trust = trust
        self._look = look
        self._instead = ""
        session.state_changed.connect(self._on_state_changed)
        session.load_refused.connect(self._on_load_refused)
        session.failure_detailed.connect(self._on_failure_detailed)
        session.memory_returned.connect(self._on_memory_returned)
        models.selection_changed.connect(self._on_selection_changed)

    def say_instead(self, words: str) -> None:
        """Say why another model than the wanted one is loaded: once it is, if there is one."""
        if self._models.selected is None:
            self._banner.show_error(words)
        else:
            self._instead = self.tr("{0} “{1}” is loaded in its place.").format(
                words, self._models.selected.name
            )

    def _on_state_changed(self) -> None:
        failure, request = self._session.failure, self._session.request
        is_ready = self._session.state is EngineState.READY
        self._load_plan.set_loaded(request if is_ready else None)
        match self._session.state:
            case EngineState.FAILED if failure is not None:
                self._show_failure(failure)
            case EngineState.LOADING:
                self._banner.hide()
            case EngineState.READY:
                self._banner.hide()
                if self._session.fallback and self._session.engine is not None:
                    words = self.tr("Loaded with {0}. {1}")
                    engine = self._session.engine.label
                    self._banner.show_warning(words.format(engine, self._session.fallback))
                    self._banner.about = request.model.path if request is not None else ""
                elif self._instead:
                    self._banner.show_warning(self._instead)
                self._instead = ""
            case _:
                pass

    def _show_failure(self, failure: Failure) -> None:
        actions: list[tuple[str, Callable[[], None]]]
        actions = [(self.tr("Reload"), self._session.reload)]
        if failure.needs_consent:
            actions = self._ways_to_agree(self._session.request)
        elif failure.retry is not None or failure.anyway is not None:
            actions = self._ways_out(failure)
        text = failure.message
        if failure.returned is not None:
            text = f"{text} {left_text(self, failure.returned)}"
        self._banner.show_error(text, failure.details, actions)
        request = self._session.request
        self._banner.about = request.model.path if request is not None else ""

    def _ways_to_agree(self, request: LoadRequest | None) -> list[tuple[str, Callable[[], None]]]:
        if request is None:
            return []
        agreed = replace(request, without_code=True)
        return [
            (self.tr("What was found…"), lambda: self.show_trust(request)),
            (self.tr("Load once"), lambda: self._session.load(agreed)),
        ]

    def show_trust(self, request: LoadRequest) -> None:
        """Show what was found in a model, and let the user decide."""
        from phidesk.ui.trust_dialog import TrustDialog

        dialog = TrustDialog(self._trust(), request.model, self._look, self._window)
        dialog.load_requested.connect(
            lambda once: self._session.load(replace(request, without_code=once))
        )
        dialog.open()

    def _on_selection_changed(self) -> None:
        model = self._models.selected
        if self._banner.about and (model is None or model.path != self._banner.about):
            self._banner.hide()  # it is about another one
        if model is not None and not model.is_starter and not model.problem:
            self._trust().look(model)

    def show_trust_of_selected(self) -> None:
        """Show what was found in the model that is chosen."""
        request = self._load_plan.request()
        if request is not None:
            self.show_trust(request)

    def _ways_out(self, failure: Failure) -> list[tuple[str, Callable[[], None]]]:
        found: list[tuple[str, Callable[[], None]]] = []
        retry, anyway = failure.retry, failure.anyway
        if retry is not None and retry.context_length is not None:
            words = self.tr("Load with a context of {0} tokens")
            text = words.format(f"{retry.context_length:,}")
            found.append((text, lambda: self._on_retry(retry)))
        if anyway is not None:
            found.append((self.tr("Load anyway"), lambda: self._session.load(anyway)))
        return found

    def _on_retry(self, request: LoadRequest) -> None:
        if self._models.selected == request.model:
            self._load_plan.set_context(request.context_length)
        self._session.load(request)

    def load_with_context(self, tokens: int) -> None:
        """Load the model anew with another context length."""
        if self._session.request is not None:
            self._on_retry(replace(self._session.request, context_length=tokens))

    def _on_load_refused(self, failure: Failure) -> None:
        if failure.needs_consent:
            actions = self._ways_to_agree(failure.retry)
        else:
            actions = self._ways_out(failure)
        self._banner.show_error(failure.message, failure.details, actions)
        if self._models.selected is not None:
            self._banner.about = self._models.selected.path

    def _on_failure_detailed(self) -> None:
        failure = self._session.failure
        if failure is not None and self._banner.isVisible():
            self._show_failure(failure)

    def _on_memory_returned(self, returned: MemoryReturn) -> None:
        self._banner.show_info(returned_text(self, returned))
