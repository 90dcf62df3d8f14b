"""What the window says, in its languages."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox

import phidesk
from phidesk.ui.language import languages, use_language
from phidesk.ui.thread.offers import Act, name
from phidesk.ui.thread.wording import Wording
from phidesk.ui.wording import stage_text

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
