"""The engines' section: what is installed, and the buttons that change it."""

from pathlib import Path

from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.engine_environments import EngineState, Environment
from phidesk.ui.engines.wording import (
    environment_words,
    flavour_words,
    need_words,
    progress_words,
    running_words,
    state_words,
)
from phidesk.ui.format import size
from phidesk.ui.theme import SPACE_M, SPACE_S, SPACE_XS
from phidesk.ui.widgets import DiagnosticsButton, frame, label
from phidesk.viewmodels.engines import EnginesViewModel
from phidesk.viewmodels.words import in_words

_STEPS = 1000  # of a bar: bytes would not fit into its numbers


class EnginesPanel(QWidget):
    """phidesk's own environment above, a Python of the user's own below.

    Where the running Python has the engines itself, it stands above, with nothing to install.
    """

    def __init__(self, engines: EnginesViewModel) -> None:
        super().__init__()
        self._engines = engines
        self._make_managed()
        self._make_own()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(label(self._about(), "muted", wrap=True))
        column.addWidget(self._managed)
        column.addWidget(self._own)
        column.addStretch(1)
        engines.changed.connect(self.refresh)
        engines.progress_changed.connect(self._show_progress)
        self.refresh()

    def _about(self) -> str:
        if self._engines.running is not None:
            return self.tr(
                "llama.cpp runs GGUF models. Safetensors models, quantization and report cards "
                "need more: it comes from the Python that phidesk runs in."
            )
        return self.tr(
            "llama.cpp is part of phidesk and runs GGUF models. Safetensors models, quantization "
            "and report cards need more: it is installed into a folder of its own, and nothing "
            "else of this computer is touched."
        )

    def _make_managed(self) -> None:
        self._name = label(wrap=True)
        _embolden(self._name)
        self.state = label(wrap=True)
        self.facts = label(role="muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setRange(0, _STEPS)
        self.bar.setAccessibleName(self.tr("Progress of the install"))
        self.progress = label(role="muted", wrap=True)
        self.error = label(role="danger", wrap=True)
        self.install = QPushButton()
        self.install.setProperty("primary", True)
        self.install.clicked.connect(self._engines.install)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("What was downloaded is kept for the next time."))
        self.cancel.clicked.connect(self._engines.cancel)
        self.repair = QPushButton(self.tr("Repair"))
        self.repair.setToolTip(self.tr("Download everything again, and switch to it."))
        self.repair.clicked.connect(self._engines.repair)
        self.roll_back = QPushButton(self.tr("Roll back"))
        self.roll_back.clicked.connect(self._engines.roll_back)
        self.remove = QPushButton(self.tr("Remove…"))
        self.remove.clicked.connect(self._on_remove)
        self.diagnostics = DiagnosticsButton(self._report)
        self._buttons = _row(self.install, self.cancel, self.repair, self.roll_back, self.remove,
                             self.diagnostics)  # fmt: skip
        self._managed = _card(
            self._name,
            self.state,
            self.facts,
            self.bar,
            self.progress,
            self.error,
            self._buttons,
        )

    def _make_own(self) -> None:
        title = label(self.tr("A Python of your own"))
        _embolden(title)
        self.own = label(role="muted", wrap=True)
        self.choose = QPushButton(self.tr("Choose an existing Python…"))
        self.choose.clicked.connect(self._on_choose)
        self.forget = QPushButton(self.tr("Use it no longer"))
        self.forget.clicked.connect(self._engines.forget_chosen)
        self._own = _card(title, self.own, _row(self.choose, self.forget))

    def refresh(self) -> None:
        """Show what there is now."""
        running = self._engines.running
        if running is not None:
            self._show_running(running)
        else:
            self._show_managed()
        problem = self._engines.problem
        self.error.setText(in_words(str(problem)) if problem is not None else "")
        self.error.setVisible(problem is not None)
        self.diagnostics.setVisible(problem is not None and bool(problem.details))
        self.diagnostics.reset()
        self._buttons.setVisible(running is None or not self.diagnostics.isHidden())
        self._show_own(self._engines.is_busy)
        self._show_progress()

    def _show_running(self, running: Environment) -> None:
        """Show what the running Python has, and how it gets what it lacks."""
        self._name.setText(self.tr("The engines of the Python that phidesk runs in"))
        self.state.setText(running_words(self, self._engines, running))
        self.facts.setText(f"Python {running.version} · {running.python}")
        for button in (self.install, self.cancel, self.repair, self.roll_back, self.remove):
            button.hide()

    def _show_managed(self) -> None:
        engines, lock = self._engines, self._engines.lock
        found, state, busy = engines.environments, engines.state, engines.is_busy
        kind = found.current.flavour if found.current is not None else lock.flavour if lock else ""
        flavour = flavour_words(self, kind)
        self._name.setText(self.tr("phidesk's own engines · {0}").format(flavour))
        self.state.setText(state_words(self, engines))
        facts = environment_words(self, found.current) if found.current is not None else ""
        if lock is not None and state is not EngineState.INSTALLED:
            facts = f"{facts}\n{need_words(self, lock, engines.free_bytes)}".strip()
        self.facts.setText(facts)
        self.facts.setToolTip(str(engines.folder))
        self.facts.setVisible(bool(facts))
        self.install.setText(self._install_words(state))
        can_install = lock is not None and state is not EngineState.INSTALLED
        self.install.setVisible(can_install and not busy)
        self.cancel.setVisible(engines.can_cancel)
        self.repair.setVisible(state is EngineState.INSTALLED and not busy)
        self.roll_back.setVisible(engines.can_roll_back and not busy)
        if found.previous is not None:
            self.roll_back.setToolTip(environment_words(self, found.previous))
        self.remove.setVisible(state is not EngineState.MISSING and not busy)

    def _show_own(self, busy: bool) -> None:
        self._own.setVisible(self._engines.takes_chosen)
        chosen = self._engines.environments.chosen
        if chosen is None:
            words = self.tr("None chosen. One that has torch and Transformers can be used instead.")
        else:
            words = f"{chosen.python}\n{environment_words(self, chosen)}"
        self.own.setText(words)
        self.choose.setEnabled(not busy)
        self.forget.setVisible(chosen is not None)
        self.forget.setEnabled(not busy)

    def _show_progress(self) -> None:
        busy, step = self._engines.is_busy, self._engines.step
        self.bar.setVisible(busy)
        self.progress.setVisible(busy)
        if not busy:
            return
        is_counted = step is not None and step.stage == "download" and step.total > 0
        self.bar.setRange(0, _STEPS if is_counted else 0)
        if is_counted and step is not None:
            self.bar.setValue(round(_STEPS * step.done / step.total))
        self.progress.setText(progress_words(self, self._engines))

    def _install_words(self, state: EngineState) -> str:
        if self._engines.problem is not None:
            return self.tr("Try again")
        match state:
            case EngineState.OUTDATED:
                return self.tr("Upgrade")
            case EngineState.INTERRUPTED:
                return self.tr("Go on")
            case EngineState.DAMAGED:
                return self.tr("Repair")
            case EngineState.OTHER:
                return self.tr("Install those for this machine")
            case _:
                return self.tr("Install")

    def _on_choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a Python"))
        if path:
            self._engines.choose(Path(path))

    def _on_remove(self) -> None:
        current = self._engines.environments.current
        words = self.tr(
            "Delete phidesk's own engines{0}? Models and chats stay. Models that are loaded with "
            "them should be ejected before."
        ).format(f" ({size(current.size)})" if current is not None else "")
        answer = QMessageBox.question(self, self.tr("Remove the engines"), words)
        if answer == QMessageBox.StandardButton.Yes:
            self._engines.remove()

    def _report(self) -> str:
        problem = self._engines.problem
        return f"{problem}\n\n{problem.details}" if problem is not None else ""


def _card(*parts: QWidget) -> QFrame:
    card = frame("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
    column.setSpacing(SPACE_S)
    for part in parts:
        column.addWidget(part)
    return card


def _row(*buttons: QWidget) -> QWidget:
    row = QWidget()
    flow = QHBoxLayout(row)
    flow.setContentsMargins(0, SPACE_XS, 0, 0)
    flow.setSpacing(SPACE_S)
    for button in buttons:
        flow.addWidget(button)
    flow.addStretch(1)
    return row


def _embolden(words: QWidget) -> None:
    font = words.font()
    font.setBold(True)
    words.setFont(font)
