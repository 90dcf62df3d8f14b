"""The library in the real window, with real files and the real scan behind it."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from phidesk.app import App
from phidesk.core.library.places import Source
from phidesk.core.models import ModelFormat
from phidesk.ui.models_pane import ModelsPane
from phidesk.ui.name_dialog import NameDialog
from phidesk.viewmodels.engine_session import EngineState
from phidesk.viewmodels.library import Column, Filters
from phidesk.viewmodels.library_fit import Fit
from tests.ui.conftest import RunApp, until
from tests.unit.core.library.conftest import Maker

MakeFile = Callable[..., bytes]
Act = Callable[[], object]
# Where there is no screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
STARTER = "SmolLM2 135M (starter)"


@pytest.fixture
def make(
    tmp_path: Path,
    gguf_bytes: MakeFile,
    safetensors_bytes: MakeFile,
    monkeypatch: pytest.MonkeyPatch,
) -> Maker:
    """Write models; the Hub's cache and Ollama's folder lie beside them."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path / "ollama"))
    (tmp_path / "models").mkdir()
    return Maker(tmp_path, gguf_bytes, safetensors_bytes)


async def opened(app: App, folder: Path | None = None) -> ModelsPane:
    """Show the library, with what is in the folder."""
    app.models.start("starter")
    app.window.show()
    app.window.show_models()
    app.gauges.start()
    if folder is not None:
        app.models.add_folder(str(folder))
    else:
        app.models.rescan()
    await until(lambda: not app.models.is_scanning)
    await until(lambda: app.gauges.sample is not None)
    return app.window.models_pane


def shown(app: App) -> list[str]:
    return [row.ref.name for row in app.library.rows]


def choose(app: App, name: str) -> None:
    app.models.select(next(row.ref for row in app.library.rows if row.ref.name == name))


async def with_dialog(open_it: Act, act: Callable[[QMessageBox | NameDialog], None]) -> None:
    """Open a dialog from Qt's own loop, as a person does, and do something in it."""
    closed = asyncio.Event()

    def opened() -> None:
        open_it()
        closed.set()

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QMessageBox | NameDialog):
            try:
                act(dialog)
            except BaseException:
                dialog.reject()  # else it stood there for ever
                raise
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(10, look)
    QTimer.singleShot(0, opened)
    await closed.wait()


def click(words: str, seen: list[str]) -> Callable[[QMessageBox | NameDialog], None]:
    """Press the button with these words, and note what was said."""

    def act(dialog: QMessageBox | NameDialog) -> None:
        assert isinstance(dialog, QMessageBox)
        seen.append(f"{dialog.text()} {dialog.informativeText()}")
        next(b for b in dialog.buttons() if b.text().replace("&", "") == words).click()

    return act


def test_models_of_all_places_are_listed_with_what_is_known(run_app: RunApp, make: Maker) -> None:
    make.folder("models/模型")
    make.snapshot("org/name-GGUF", "a1", {"Q4.gguf": make.gguf()})
    make.ollama("registry.ollama.ai/library/llama3.2/3b", {"model": make.gguf(b"\5")})

    async def body(app: App) -> None:
        await opened(app, make.root / "models")
        rows = {row.ref.name: row for row in app.library.rows}
        assert {name: row.entry.source for name, row in rows.items()} == {
            STARTER: Source.STARTER,
            "模型": Source.FOLDER,
            "Q4": Source.HUGGING_FACE,
            "llama3.2:3b": Source.OLLAMA,
        }
        assert rows["Q4"].engines[0] == "llamacpp"
        assert rows["Q4"].fit.fit is Fit.FITS
        assert rows["Q4"].entry.is_exact
        assert app.library.sources == list(
            map(Source, ("starter", "folder", "hugging_face", "ollama"))
        )

    run_app(body)


def test_search_filters_and_sorting(run_app: RunApp, make: Maker) -> None:
    for number, name in enumerate(("Model 10", "Model 9", "phi-模型")):
        make.folder(f"models/{name}", bytes([number]))
    (make.root / "models" / "zeta.gguf").write_bytes(make.gguf())
    (make.root / "models" / "broken.gguf").write_bytes(b"GGUF")

    async def body(app: App) -> None:
        pane = await opened(app, make.root / "models")
        every = ["broken", "Model 9", "Model 10", "phi-模型", STARTER, "zeta"]
        assert shown(app) == every
        QTest.keyClick(pane, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(pane.filters.search, "MODEL llama")
        await until(lambda: shown(app) == ["Model 9", "Model 10"])
        pane.filters.search.setText("模型")
        await until(lambda: shown(app) == ["phi-模型"])
        pane.filters.search.setText("no such model")
        await until(lambda: pane.empty.isVisible())
        assert pane.empty.title == "Nothing found"
        QTest.mouseClick(pane.empty.clear, Qt.MouseButton.LeftButton)
        assert shown(app) == every
        assert pane.table.isVisible()
        pane.filters.format.setCurrentIndex(pane.filters.format.findData(ModelFormat.GGUF))
        pane.filters.format.activated.emit(1)
        assert shown(app) == ["broken", STARTER, "zeta"]
        pane.filters.fits.click()
        assert shown(app) == [STARTER, "zeta"]
        pane.filters.clear()
        pane.filters.source.setCurrentIndex(pane.filters.source.findData(Source.STARTER))
        pane.filters.source.activated.emit(1)
        assert shown(app) == [STARTER]
        pane.filters.clear()
        heads = pane.table.horizontalHeader()
        place = QPoint(heads.sectionViewportPosition(list(Column).index(Column.SIZE)) + 30, 10)
        QTest.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert shown(app)[0] == "broken"
        assert shown(app)[-1] == STARTER
        QTest.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert shown(app)[0] == STARTER
        for descending in (False, True):  # what is unknown comes last either way
            app.library.sort(Column.PARAMETERS, descending=descending)
            assert shown(app)[-1] == "broken"

    run_app(body)


def test_the_keys_choose_and_load(run_app: RunApp, make: Maker) -> None:
    (make.root / "models" / "zeta.gguf").write_bytes(make.gguf())

    async def body(app: App) -> None:
        pane = await opened(app, make.root / "models")
        pane.filters.search.setFocus()
        QTest.keyClick(pane.filters.search, Qt.Key.Key_Down)
        assert app.models.selected is not None
        assert app.models.selected.name == STARTER
        QTest.keyClick(pane.table, Qt.Key.Key_Down)
        assert app.models.selected.name == "zeta"
        assert pane.details.facts.shown["Parameters"] == "2,048"
        QTest.keyClick(pane.table, Qt.Key.Key_Home)
        assert app.models.selected.name == STARTER
        QTest.keyClick(pane.table, Qt.Key.Key_Return)
        await until(lambda: app.session.state is EngineState.LOADING)
        await until(lambda: app.session.state is not EngineState.LOADING)

    run_app(body)


def test_a_rename_is_shown_everywhere_and_kept(run_app: RunApp, make: Maker) -> None:
    path = make.folder("models/a")

    async def rename(app: App) -> None:
        pane = await opened(app, make.root / "models")
        choose(app, "a")
        app.models.context_length = 512
        await with_dialog(
            lambda: QTest.keyClick(pane.table, Qt.Key.Key_F2),
            lambda dialog: type_name(dialog, "  My 模型 "),
        )
        assert shown(app) == ["My 模型", STARTER]
        assert app.models.selected is not None
        assert (app.models.selected.name, app.models.context_length) == ("My 模型", 512)
        assert app.window.model_bar.selector.currentText() == "My 模型"
        assert path.is_dir()

    async def look_again(app: App) -> None:
        pane = await opened(app)
        choose(app, "My 模型")
        menu = pane.actions_of_model.menu()
        own = next(a for a in menu.actions() if a.text() == "Use its own name")
        own.trigger()
        assert shown(app) == ["a", STARTER]
        assert app.settings_file.load().names == {}

    def type_name(dialog: QMessageBox | NameDialog, name: str) -> None:
        assert isinstance(dialog, NameDialog)
        dialog.field.setText(name)
        dialog.agree.click()

    run_app(rename)
    run_app(look_again)


def test_a_delete_goes_to_the_trash_once_it_is_confirmed(run_app: RunApp, make: Maker) -> None:
    path = make.folder("models/a")
    make.folder("models/b")
    seen: list[str] = []

    async def body(app: App) -> None:
        pane = await opened(app, make.root / "models")
        choose(app, "a")
        await with_dialog(
            lambda: QTest.keyClick(pane.table, Qt.Key.Key_Delete), click("Cancel", seen)
        )
        assert path.is_dir()
        await with_dialog(
            lambda: QTest.keyClick(pane.table, Qt.Key.Key_Delete), click("Move to trash", seen)
        )
        await until(lambda: shown(app) == ["b", STARTER])
        assert not path.exists()
        assert "This frees 4 kB once the trash is emptied." in seen[1]
        assert "Another copy of the same weights stays." in seen[1]
        assert app.models.selected is not None
        assert app.models.selected.name == "b"  # the next one: the place in the list stays
        assert "“a” is in the trash" in app.window.banner.text

    run_app(body)
    trash = Path(os.environ["XDG_DATA_HOME"]) / "Trash" / "files" / "a"
    assert (trash / "model.safetensors").is_file()


def test_what_is_put_beside_a_model_before_the_answer_stays(run_app: RunApp, make: Maker) -> None:
    folder = make.folder("models/a")

    async def body(app: App) -> None:
        pane = await opened(app, make.root / "models")
        choose(app, "a")

        def answer(dialog: QMessageBox | NameDialog) -> None:
            (folder / "thesis.odt").write_text("mine")
            click("Move to trash", [])(dialog)

        await with_dialog(pane.actions_of_model.trash, answer)
        assert "nothing was moved" in app.window.banner.text

    run_app(body)
    assert (folder / "thesis.odt").is_file()
    assert (folder / "model.safetensors").is_file()


def test_a_model_of_another_program_is_deleted_only_by_its_name(
    run_app: RunApp, make: Maker
) -> None:
    root = make.ollama("registry.ollama.ai/library/m/1b", {"model": make.gguf()})
    seen: list[str] = []

    async def body(app: App) -> None:
        pane = await opened(app)
        choose(app, "m:1b")
        await with_dialog(pane.actions_of_model.trash, click("Delete from Ollama", seen))
        await until(lambda: shown(app) == [STARTER])
        assert "It belongs to Ollama, which will not find it any more." in seen[0]

    run_app(body)
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_a_loaded_model_and_the_starter_are_not_deleted(run_app: RunApp, make: Maker) -> None:
    seen: list[str] = []

    async def body(app: App) -> None:
        pane = await opened(app)
        await with_dialog(pane.actions_of_model.trash, click("OK", seen))
        assert "The starter model is a part of phidesk: it stays." in seen[0]
        app.window.load_selected()
        await with_dialog(pane.actions_of_model.trash, click("OK", seen))
        assert "is loaded. Eject it first." in seen[1]
        await until(lambda: app.session.state is not EngineState.LOADING)

    run_app(body)


def test_what_changes_on_disk_shows_up_by_itself(
    run_app: RunApp, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("phidesk.viewmodels.folder_watch._QUIET_MS", 50)
    make.folder("models/a/deep")

    async def body(app: App) -> None:
        await opened(app, make.root / "models")
        app.models.library._watch._quiet.setInterval(50)
        choose(app, "deep")
        app.models.context_length = 256
        await until(lambda: not app.models.library._watch._to_add)
        make.folder("models/a/new", b"\7")
        await until(lambda: "new" in shown(app))
        assert app.models.selected is not None
        assert (app.models.selected.name, app.models.context_length) == ("deep", 256)
        make.root.joinpath("models", "a", "deep", "model.safetensors").unlink()
        await until(lambda: "deep" not in shown(app))
        assert app.models.selected.name == STARTER

    run_app(body)


def test_duplicates_are_pointed_out(run_app: RunApp, make: Maker) -> None:
    make.folder("models/one")
    make.folder("models/two")
    (make.root / "models" / "file.gguf").write_bytes(make.gguf())
    (make.root / "models" / "link.gguf").symlink_to("file.gguf")

    async def body(app: App) -> None:
        pane = await opened(app, make.root / "models")
        copies = {row.ref.name: row.copies for row in app.library.rows}
        assert copies == {"one": 1, "two": 1, "file": 0, "link": 0, STARTER: 0}
        choose(app, "one")
        assert pane.details.facts.shown["Same weights"] == "two"
        choose(app, "link")
        assert pane.details.facts.shown["Same weights"] == "file (the same file)"

    run_app(body)


def test_while_nothing_is_known_the_library_says_so(
    run_app: RunApp, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("phidesk.core.catalog.starter_path", lambda: None)
    monkeypatch.setattr("phidesk.core.library.scan.starter_path", lambda: None)

    async def body(app: App) -> None:
        app.models.start("starter")
        app.window.show()
        app.window.show_models()
        pane = app.window.models_pane
        assert pane.empty.title == "Looking for models"
        await until(lambda: not app.models.is_scanning)
        assert pane.empty.title == "No models yet"
        assert pane.empty.add.isVisible()
        asked = []
        pane.add_folder_requested.disconnect()
        pane.add_folder_requested.connect(lambda: asked.append(True))
        QTest.mouseClick(pane.empty.add, Qt.MouseButton.LeftButton)
        assert asked == [True]

    run_app(body)


def test_beside_the_starter_alone_the_library_leads_on(run_app: RunApp, make: Maker) -> None:
    async def body(app: App) -> None:
        pane = await opened(app)
        assert shown(app) == [STARTER]
        assert pane.hint.title == "Only the starter model is here"
        assert pane.hint.isVisible()
        assert pane.table.height() < 120
        app.models.rescan()
        assert pane.hint.title == "Looking for models"
        (make.root / "models" / "more.gguf").write_bytes(make.gguf())
        app.models.add_folder(str(make.root / "models"))
        await until(lambda: len(shown(app)) == 2)
        await until(lambda: pane.table.height() > 300)
        assert not pane.hint.isVisible()

    run_app(body)


def test_columns_follow_the_width(run_app: RunApp, make: Maker) -> None:
    async def body(app: App) -> None:
        app.window.resize(1280, 800)
        pane = await opened(app)
        assert pane.table.shown_columns() == [Column.NAME, Column.BITS, Column.SIZE, Column.FIT]
        app.window.resize(1920, 1080)
        await until(lambda: pane.table.shown_columns() == list(Column))
        width = sum(pane.table.columnWidth(n) for n in range(len(Column)))
        assert width == pane.table.viewport().width()

    run_app(body)


def test_every_cell_can_be_read_aloud(run_app: RunApp, make: Maker) -> None:
    (make.root / "models" / "cut.gguf").write_bytes(make.gguf()[:-5])

    async def body(app: App) -> None:
        pane = await opened(app, make.root / "models")
        table = pane.table.model()
        said = [
            [table.index(row, place).data(Qt.ItemDataRole.AccessibleTextRole)
             for place in range(table.columnCount())]
            for row in range(table.rowCount())
        ]  # fmt: skip
        assert said[0][0].startswith("cut. cut.gguf: cut off: ")
        assert said[1][0] == f"{STARTER}. Llama · Starter model"
        assert said[1][1:6] == [
            "Family: Llama", "Params: 135M", "Format: Q4_1", "Size: 98 MB", "Context: 8K",
        ]  # fmt: skip
        fields = (pane.filters.search, pane.filters.format, pane.filters.source, pane.filters.fits,
                  pane.table, pane.details.more)  # fmt: skip
        assert all(field.accessibleName() for field in fields)

    run_app(body)


def test_the_picker_offers_all_of_a_thousand(run_app: RunApp, make: Maker) -> None:
    first = make.root / "models" / "0.gguf"
    first.write_bytes(make.gguf())
    for number in range(1, 1000):
        first.with_name(f"{number}.gguf").hardlink_to(first)

    async def body(app: App) -> None:
        await opened(app, make.root / "models")
        selector = app.window.model_bar.selector
        assert selector.currentText() == STARTER
        assert selector.count() == 3  # the chosen one, a line, and Add folder
        selector.showPopup()
        assert selector.count() == 1003
        names = [selector.itemText(n) for n in (0, 1, 2, 999, 1000)]
        assert names == [STARTER, "0", "1", "998", "999"]
        selector.setCurrentIndex(500)
        selector.activated.emit(500)
        selector.hidePopup()
        assert app.models.selected is not None
        assert app.models.selected.name == "499"
        assert app.window.models_pane.table.currentIndex().data() == "499"
        app.library.set_filters(Filters(text="499"))
        await asyncio.sleep(0)
        assert app.window.models_pane.table.currentIndex().data() == "499"

    run_app(body)
