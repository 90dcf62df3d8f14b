"""Every pane and dialog of the window, one after the other, with something in it.

The workers are scripted (tests/ui/quantize/script.py) and the models heads over empty weights; the
window, its view-models, the store and the files are the real ones.
"""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QDialog, QWidget

from phidesk.app import App
from phidesk.client.scripted import ScriptedWorkerClient
from phidesk.core.catalog import open_model
from phidesk.core.consents import Consent
from phidesk.core.hub import RepoFile, RepoListing, RepoSummary
from phidesk.core.models import ModelRef
from phidesk.core.recipes import Algorithm, SaveFormat
from phidesk.protocol.commands import Command, ListRepo, LoadModel, SearchHub
from phidesk.protocol.events import Event, Loaded, RepoListed, ReposFound
from phidesk.ui.about_dialog import AboutDialog
from phidesk.ui.chats.edit_dialog import EditDialog
from phidesk.ui.consents_dialog import ConsentsDialog
from phidesk.ui.link_dialog import LinkDialog
from phidesk.ui.prompt_dialog import PromptDialog, VariablesDialog
from phidesk.ui.settings.dialog import SettingsDialog
from phidesk.ui.settings.welcome import Welcome
from phidesk.ui.trust_dialog import TrustDialog
from phidesk.viewmodels.engine_session import EngineState
from phidesk.viewmodels.hub_search import LookState
from phidesk.viewmodels.prompt_library import PromptLibraryViewModel
from phidesk.viewmodels.quantize import QuantizeStep
from phidesk.viewmodels.report import ReportState
from tests.ui.conftest import until
from tests.ui.quantize.script import Play, make_model

_REPO = "HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF"
_ANSWER = """A quantized model keeps its weights in **fewer bits**:

| format | bits | size |
| --- | ---: | ---: |
| bf16 | 16 | 3.4 GB |
| Q4_K_M | 4.8 | 1.1 GB |

```python
def size(parameters: int, bits: float) -> float:
    return parameters * bits / 8
```

The loss of each layer is $(Wx - Qx)^2$.
"""
_CHATS = (
    ("What does it mean to quantize a model?", _ANSWER),
    (
        "中国最长的河流是哪一条？",
        "中国最长的河流是**长江**，全长约 6300 公里。\n\n1. 长江\n2. 黄河\n",
    ),
    (
        "Write a haiku about rain",
        "Rain taps on the roof,\nthe garden listens, breathing —\na snail starts its walk.",
    ),
)


_REPORT = """phidesk 0.1.0, Python 3.12.3, Qt 6.9.0, Linux
Fatal Python error: Segmentation fault

Current thread 0x00007f3e5c4a1740 (most recent call first):
  File "/home/anna/phidesk/ui/thread/view.py", line 212 in paintEvent
  File "/home/anna/phidesk/app.py", line 497 in run_window
"""


class Views:
    """Walks a window through all its views; folder: where the models and chats are written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "models"
        self._play = Play(ending="well")
        self._clients = self._play.clients
        self._odd = folder / "odd"

    def spawn(self, _engine: str) -> ScriptedWorkerClient:
        """Make a worker that plays its part in all views."""
        self._clients.append(ScriptedWorkerClient(self._script))
        return self._clients[-1]

    async def walk(self, app: App) -> AsyncIterator[tuple[str, QWidget]]:
        """Show view after view, and give the name of each and what to look at."""
        source = await self._begin(app)
        for name in self._welcome(app):
            yield name, app.window
        async for name in self._panes(app, source):
            yield name, app.window
        async for name in self._dialogs(app, source):
            dialog = next(d for d in app.window.findChildren(QDialog) if d.isVisible())
            yield name, dialog
            dialog.close()
            await until(lambda: not any(d.isVisible() for d in app.window.findChildren(QDialog)))
        async for name in self._quantize(app, source):
            yield name, app.window

    async def _begin(self, app: App) -> ModelRef:
        source = open_model(make_model(self._folder / "SmolLM2 360M Instruct 小模型"))
        make_model(self._folder / "Qwen3 0.6B AutoRound", layers=6, method="auto-round")
        make_model(self._folder / "Phi 4 mini GPTQ", layers=8, method="gptq")
        app.models.start("starter")
        app.models.add_folder(str(self._folder))
        app.window.show()
        app.window.fill()
        app.gauges.start()
        app.open_chats()
        await until(lambda: not app.models.is_scanning)
        return source

    def _welcome(self, app: App) -> Iterator[str]:
        """Go through the steps of the first start."""
        app.window.settings_dialogs.welcome(app.window.chat_pane)
        card = app.window.chat_pane.empty.findChild(Welcome)
        assert card is not None
        for step in ("window", "folder", "engines", "begin"):
            yield f"welcome-{step}"
            card.next.click()

    async def _panes(self, app: App, source: ModelRef) -> AsyncIterator[str]:
        window = app.window
        window.load_selected()
        await until(lambda: app.session.state is EngineState.READY)
        yield "chat-empty"
        lines = [
            json.dumps({"conversations": [{"from": "human", "value": question},
                                          {"from": "gpt", "value": answer}]})
            for question, answer in reversed(_CHATS)
        ]  # fmt: skip
        file = self._folder.parent / "chats.jsonl"
        file.write_text("\n".join(lines), "utf-8")
        app.exchange.import_file(file)
        await until(lambda: len(app.chat.conversations) > len(_CHATS))
        first = next(c for c in app.chat.conversations if c.title.startswith("What does"))
        drawn: list[bool] = []
        window.chat_pane.thread_view._formulas.ready.connect(lambda: drawn.append(True))
        app.chat.select(first)
        await until(lambda: app.chat.current is first and bool(drawn))
        yield "chat"
        window.show_models()
        app.models.select(source)
        yield "models"
        window.show_get_models()
        window.get_models_pane.fold.click()
        await until(lambda: app.get_models.token_kept is not None)
        yield "get-models-connection"
        window.get_models_pane.fold.click()
        app.get_models.search.search("SmolLM2")
        await until(lambda: app.get_models.search.state is LookState.ANSWERED)
        app.get_models.search.open(_REPO)
        await until(lambda: app.get_models.search.listing_state is LookState.ANSWERED)
        yield "get-models"
        window.show_statistics()
        yield "statistics"
        window.show_log()
        app.log.add("info", "llama_model_loader: loaded meta data with 33 key-value pairs")
        app.log.add("warning", "load: control token 0 is not marked as EOG")
        yield "log"
        window.show_quantize()
        yield "quantize-source"
        app.quantize.plan.choose_source(source)
        await until(lambda: app.quantize.plan.recipe is not None)
        app.quantize.go_to(QuantizeStep.RECIPE)
        yield "quantize-recipe"

    async def _dialogs(self, app: App, source: ModelRef) -> AsyncIterator[str]:
        window = app.window
        window.dialogs.show_shortcuts()
        yield "shortcuts"
        async for name in self._settings(app):
            yield name
        window.status.shield.click()
        yield "connections"
        consent = Consent(
            name="Odd model", source="/models/odd", revision="7d2f", digest="0" * 64,
            given="2026-11-02", found=("brings program code: modeling_odd.py",),
        )  # fmt: skip
        app.settings.consents["odd"] = consent
        ConsentsDialog(app.trust, window).open()
        yield "consents"
        self._write_odd_model()
        odd = open_model(self._odd)
        found: list[object] = []
        app.trust.inspected.connect(found.append)
        TrustDialog(app.trust, odd, app.look, window).open()
        await until(lambda: bool(found))
        yield "trust"
        LinkDialog(QUrl("http://user@xn--80ak6aa92e.com/login"), window).open()
        yield "link"
        prompts = PromptLibraryViewModel()
        prompts.save("Translate", "Translate into {{language}}:\n\n{{text}}")
        prompts.save("总结", "请用三句话总结：\n\n{{文本}}")
        PromptDialog(prompts, app.chat.undo, app.look, window).open()
        yield "prompts"
        for name in prompts.find(""):
            prompts.delete(name)
        VariablesDialog(("language", "文本"), window).open()
        yield "variables"
        EditDialog(_CHATS[0][0], is_question=True, parent=window).open()
        yield "edit"

    async def _settings(self, app: App) -> AsyncIterator[str]:
        window = app.window
        for name, section in (("settings", 0), ("settings-chats", 3), ("settings-keys", 5)):
            window.settings_dialogs.show_settings()
            dialog = next(d for d in window.findChildren(SettingsDialog) if d.isVisible())
            dialog.list.setCurrentRow(section)
            yield name
        window.engines_requested.emit()
        yield "engines"
        window.settings_dialogs.show_about()
        about = next(d for d in window.findChildren(AboutDialog) if d.isVisible())
        await until(lambda: about.list.topLevelItemCount() > 0, 60)  # hundreds of packages
        about.list.setCurrentIndex(about.list.model().index(0, 0))
        yield "about"
        window.dialogs.show_crash(_REPORT)
        yield "crash"

    async def _quantize(self, app: App, source: ModelRef) -> AsyncIterator[str]:
        window, plan = app.window, app.quantize.plan
        window.show_quantize()
        assert plan.recipe is not None
        tuned = replace(plan.recipe, algorithm=Algorithm.SIGNROUND, format=SaveFormat.AUTO_ROUND,
                        group_size=64)  # fmt: skip
        plan.set_recipe(tuned)
        app.quantize.go_to(QuantizeStep.CHECK)
        yield "quantize-check"
        window.quantize_pane.next.click()
        await until(lambda: app.quantize.report.state is ReportState.READY)
        yield "quantize-report"
        window.quantize_pane.compare.click()
        yield "quantize-compare"

    def _write_odd_model(self) -> None:
        make_model(self._odd)
        config = {"model_type": "llama", "auto_map": {"AutoModel": "modeling_odd.Odd"}}
        (self._odd / "config.json").write_text(json.dumps(config))
        (self._odd / "modeling_odd.py").write_text("class Odd: ...")

    async def _script(self, command: Command) -> AsyncIterator[Event]:
        match command:
            case SearchHub():
                yield ReposFound(job_id=command.job_id, repos=_FOUND)
            case ListRepo():
                listing = RepoListing(
                    source=command.source, endpoint=command.endpoint, repo=command.repo,
                    revision="main", commit="c0ffee" + "0" * 34, licence="apache-2.0",
                    files=tuple(
                        RepoFile(path=f"smollm2-{kind}.gguf", size=size, sha256="0" * 64)
                        for kind, size in (("Q4_K_M", 1_055_609_536), ("Q8_0", 1_820_414_656))
                    ),
                )  # fmt: skip
                yield RepoListed(job_id=command.job_id, listing=listing)
            case LoadModel() if command.engine == "llamacpp":
                yield Loaded(
                    job_id=command.job_id, engine=command.engine, engine_version="6500",
                    device="CPU", dtype="Q4_1", kernel="Q4_1", context_length=8192, load_s=0.4,
                    weights_bytes=96_000_000, kv_bytes=188_000_000,
                )  # fmt: skip
            case _:
                async for event in self._play.script(command):
                    yield event


_FOUND = (
    RepoSummary(repo=_REPO, downloads=48_213, likes=120, licence="apache-2.0",
                parameters=1_711_376_384, formats=("gguf",)),
    RepoSummary(repo="HuggingFaceTB/SmolLM2-360M-Instruct", downloads=1_204_877, likes=161,
                licence="apache-2.0", parameters=361_821_120, formats=("safetensors",)),
    RepoSummary(repo="example/gated-model", downloads=5, gated=True, licence="other"),
)  # fmt: skip
