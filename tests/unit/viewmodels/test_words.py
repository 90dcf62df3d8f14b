"""Sentences of the layers that know no Qt, said in Chinese."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from phidesk.ui.language import use_language
from phidesk.viewmodels.words import in_words


@pytest.fixture
def chinese(qapp: QCoreApplication) -> Iterator[None]:
    locale = QLocale()
    use_language(qapp, "zh_CN")
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
    QLocale.setDefault(locale)


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("english", "chinese_words"),
    [
        ("No model is loaded.", "没有加载模型。"),
        ("No model is loaded", "没有加载模型"),
        # A reason inside of an error, with the name of a file before it.
        (
            "“tiny” cannot be loaded: a.safetensors: cut off: 10 bytes of data are there, 50 are "
            "needed.",
            "无法加载“tiny”：a.safetensors：文件不完整：现有 10 字节数据，需要 50 字节。",
        ),
        # Sentences that were put together, with pieces that may be missing.
        (
            "“m. v2” needs 9.1 GB of memory with 4,096 tokens of conversation, 5.0 GB are free, "
            "“chrome” holds 3.0 GB: a context of 2,048 tokens would fit.",
            "“m. v2”需要 9.1 GB 内存（对话为 4,096 个词元时），可用 5.0 GB，“chrome”占用 3.0 GB："
            "2,048 个词元的上下文可以容纳。",
        ),
        (
            "The engine process crashed (memory fault) (SIGSEGV). Reload the model to go on; your "
            "chat is untouched.",
            "引擎进程崩溃（内存错误）(SIGSEGV)。请重新加载模型以继续；您的对话未受影响。",
        ),
        (
            "It did not work: hf.co cannot be reached. Check the connection and try again.",
            "未能成功：无法连接到 hf.co。请检查连接后重试。",
        ),
        (
            "“a.pdf” is damaged and cannot be read as a PDF (EOF).",
            "“a.pdf”已损坏，无法作为 PDF 读取（EOF）。",
        ),
        # Words that were put into a translation.
        ("对话无法读取：line 3 is not UTF-8 text。", "对话无法读取：第 3 行不是 UTF-8 文本。"),
        # Names are kept, even where they are words.
        ("“in memory” is no longer there.", "“in memory”已不存在。"),
        ("“a” cannot be used: Is a directory.", "无法使用“a”：这是文件夹。"),
        # What a library says is kept, though a template of few letters would fit.
        ("x has no chats or other words of ours", "x has no chats or other words of ours"),
        ("GPTQ holds 2, 3 or 4 bits, not 5.", "GPTQ 支持 2, 3 或 4 位，不支持 5 位。"),
        ("有 1 个错误", "有 1 个错误"),
    ],
)
def test_in_chinese(english: str, chinese_words: str) -> None:
    assert in_words(english) == chinese_words


@pytest.mark.usefixtures("chinese")
def test_a_hostile_text_takes_no_long() -> None:
    """A model's file can bring any words into an error; doubled, they take no eight times."""
    text = "“" + "” cannot be read: “. (" * 120 + "."
    assert len(text) < 3000
    assert "无法读取" in in_words(text)


def test_english_is_left_alone_and_needs_no_templates() -> None:
    code = (
        "import sys\n"
        "from PySide6.QtCore import QCoreApplication as A\n"
        "from phidesk.viewmodels.words import in_words\n"
        "app = A([])\n"
        "assert in_words('No model is loaded.') == 'No model is loaded.'\n"
        "print('phidesk.viewmodels.sentences' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
