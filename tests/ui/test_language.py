"""What the window says, in its languages."""

import ast
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel

import phidesk
from phidesk.app import App
from phidesk.core.catalog import open_model
from phidesk.core.settings import Settings, SettingsFile
from phidesk.ui.language import languages, use_language
from phidesk.ui.thread.offers import Act, name
from phidesk.ui.thread.wording import Wording
from phidesk.ui.wording import stage_text
from phidesk.viewmodels.engine_session import EngineState
from phidesk.viewmodels.quantize import QuantizeStep
from tests.ui.conftest import RunApp, until
from tests.ui.quantize.script import make_model
from tests.ui.test_main_window import scripted

_PACKAGE = Path(phidesk.__file__).parent
_TRANSLATE = _PACKAGE.parent / "packaging" / "translate.py"


@pytest.fixture
def language(qapp: QApplication) -> Iterator[QApplication]:
    """The application, which speaks English again after the test."""
    locale = QLocale()
    yield qapp
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
    QLocale.setDefault(locale)


def test_everything_is_translated_and_compiled() -> None:
    run = subprocess.run(
        [sys.executable, _TRANSLATE, "--check"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_only_plain_strings_are_given_to_tr() -> None:
    """Translations are looked up by the very words: lupdate finds no others."""
    wrong = []
    by_table = _PACKAGE / "viewmodels" / "sentences.py"  # of what packaging/sentences.py finds
    files = {*_PACKAGE.glob("ui/**/*.py"), *_PACKAGE.glob("viewmodels/**/*.py")} - {by_table}
    for path in sorted(files):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                called = node.func.attr
                looked_up = node.args[: 1 if called == "tr" else 2]
                is_of_qt = called == "tr" or ast.unparse(node.func).startswith("QCoreApplication")
                if called in ("tr", "translate") and is_of_qt:
                    plain = all(isinstance(part, ast.Constant) for part in looked_up)
                    beside = [ast.unparse(part) for part in node.args[1:]]
                    is_counted = beside[:1] == ["None"] and beside[1].startswith("counted(")
                    if not plain or (called == "tr" and beside and not is_counted):
                        wrong.append(f"{path.name}:{node.lineno}")
    assert wrong == []


def test_chinese_by_choice(language: QApplication) -> None:
    use_language(language, "zh_CN")
    assert languages() == {"en": "English", "zh_CN": "简体中文"}
    where = QObject()
    assert stage_text(where, "weights") == "正在加载权重…"
    assert name(Act.EDIT) == "编辑…"
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "取消"
    assert QLocale().standaloneMonthName(3) == "三月"


@pytest.mark.parametrize(
    ("variable", "word"),
    [("zh_CN:en", "今天"), ("zh_SG", "今天"), ("en:zh_CN", "Today"), ("tlh:zh_CN", "今天")],
)
def test_the_language_of_the_system(variable: str, word: str, tmp_path: Path) -> None:
    """Asked in a process of its own: Qt reads the environment once."""
    code = (
        "from PySide6.QtCore import QCoreApplication as A\n"
        "from phidesk.ui.language import use_language\n"
        "app = A([]); use_language(app, 'system')\n"
        "print(A.translate('ChatRows', 'Today'))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"LANGUAGE": variable, "LC_ALL": "en_US.UTF-8", "PYTHONPATH": str(_PACKAGE.parent),
             "PYTHONIOENCODING": "utf-8", "HOME": str(tmp_path)},
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert run.stdout.strip() == word


def test_one_and_many(language: QApplication) -> None:
    where = Wording()
    assert [
        where.thought(words, 2, is_thinking=False, is_shown=True) for words in (1, 2, 1000)
    ] == [
        "Thought for 2.0 s · 1 word ▾",
        "Thought for 2.0 s · 2 words ▾",
        "Thought for 2.0 s · 1,000 words ▾",
    ]
    use_language(language, "zh_CN")
    assert "· 1 个词" in where.thought(1, 2, is_thinking=False, is_shown=True)


def test_an_unknown_language_is_english(language: QApplication) -> None:
    use_language(language, "tlh")
    assert QCoreApplication.translate("ChatRows", "Today") == "Today"
    assert language.findChildren(QTranslator) == []


def test_what_goes_wrong_is_told_in_chinese(
    language: QApplication, run_app: RunApp, tmp_path: Path
) -> None:
    """What the window shows of a broken model, a refused load, file and recipe, a dead worker."""
    assert language is not None
    SettingsFile().save(Settings(language="zh_CN"))
    cut = make_model(tmp_path / "models" / "cut")
    os.truncate(cut / "model.safetensors", 5000)
    make_model(tmp_path / "models" / "bare").joinpath("tokenizer.json").unlink()
    whole = make_model(tmp_path / "models" / "whole")
    (tmp_path / "chats.json").write_text("[1,", "utf-8")

    async def body(app: App) -> None:
        window, told = app.window, list[str]()

        async def look(after: Callable[[], object]) -> None:
            before = window.banner.text
            after()
            await until(lambda: window.banner.text != before)
            told.append(window.banner.text)

        app.models.start("starter")
        app.models.add_folder(str(tmp_path / "models"))
        await until(lambda: not app.models.is_scanning)
        window.show_models()
        for broken in ("cut", "bare"):
            app.models.select(open_model(tmp_path / "models" / broken))
            await look(window.load_selected)
        app.models.select(scripted())
        window.load_selected()
        await until(lambda: app.session.state is EngineState.READY)
        pid = app.session.worker_pid
        assert pid is not None
        await look(lambda: os.kill(pid, signal.SIGKILL))
        assert window.dialogs.exchange_dialogs is not None
        await look(lambda: app.exchange.import_file(tmp_path / "chats.json"))
        window.show_quantize()
        plan = app.quantize.plan
        plan.choose_source(open_model(whole))
        await until(lambda: plan.recipe is not None)
        assert plan.recipe is not None
        plan.set_recipe(replace(plan.recipe, samples=0, seqlen=99_999))
        app.quantize.go_to(QuantizeStep.CHECK)
        await until(lambda: len(window.quantize_pane.check.rows) > 3)
        told.extend(label.text() for label in window.findChildren(QLabel))
        told.extend(row.accessibleName() for row in window.quantize_pane.check.rows)
        assert told[0].startswith("model.safetensors：文件不完整：现有"), told[0]
        assert told[2].startswith("引擎进程被系统或另一个程序终止"), told[2]
        english = re.compile(r"[a-z]{2,}[,:;]? [a-z]{2,}")
        assert [text for text in told if english.search(text)] == []

    run_app(body)
