"""Markdown that arrives in pieces ends as the same blocks as Markdown that is all there."""

import random

import pytest

from phidesk.ui.thread.blocks import Block
from phidesk.ui.thread.markdown import parse, references
from phidesk.ui.thread.stream import MarkdownStream

CODE = "".join(f"def f{i}(x):\n    return x * {i}\n\n" for i in range(60))
DOCUMENTS = {
    "mixed": (
        "# Title\n\nA *short* **text** with `code`.\nSecond line\n===\n\n"
        "1. one\n2. two\n   - inner *a*\n   - inner b\n\n     deep paragraph\n3. three\n\n\n"
        "- x\n- y\n* other list\n\n> quote\n> - in quote\nlazy\n\n> second\n\n---\n"
        "| a | b |\n|---|:-:|\n| 1 | **2** |\n| 3 |\n\nafter `x` https://a.b/c.\n"
        "```python\nprint(1)\n```\nend\n\n    indented\n\n    code\n\nlast <script>x</script>"
    ),
    "long code": f"before\n\n```python\n{CODE}```\nafter\n",
    "open fence": f"text\n~~~\n{CODE}``",
    "one long line of code": "```\n" + "x" * 13_000 + "\ny\n```",
    "fence in a list": (
        "1. a\n   ```py\n   x = 1\n\n   y\n   ```\n2. b\n\n  ```c\n  int x;\n  ```\n- "
        + "w " * 3000
    ),
    "near misses": (
        "para\n-\n- b\npara\n1\n1. a\npara\n#\n#no\npara\n``` a`b\n***bold** not a rule\n"
        "a | b\n--|--x\n| h |\n|--\n|---|x\n| c |\n- a\n*b\n- - -\n- a\n- - b\n\n"
        "0) z\n1) y\n\n7. s\n9. t\n"
    ),
    "line ends": "a\r\nb\r\n\r\n- c\r- d\r\n\r\n```\r\nx\r\ny\r\n```\r",
    "numbers": "".join(f"1. item {i}\n\n   more of it\n" for i in range(40)),
    "long paragraph": "word *and* more " * 2000,
    "blank": "\n\n   \n\n",
    "chinese": "# 标题\n\n这是一个**重要**的段落。😀\n\n- 一\n- 二\n\nשלום עולם\n",
}


def at_once(text: str) -> list[Block]:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return [block for unit in parse(plain, references(plain)) for block in unit.blocks]


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("longest", [1, 7, 64, 100_000])
def test_pieces_end_as_the_whole(name: str, longest: int) -> None:
    text = DOCUMENTS[name]
    longest = max(longest, len(text) // 60)
    chance = random.Random(f"{name}{longest}")
    stream = MarkdownStream(references(text))
    position = 0
    while position < len(text):
        size = chance.randint(1, longest)
        stream.append(text[position : position + size])
        kept = stream.blocks[: stream.committed]
        stream.advance()
        assert stream.blocks[: len(kept)] == kept
        position += size
    stream.finish()
    assert stream.blocks == at_once(text)


def test_random_documents() -> None:
    chance = random.Random(4)
    parts = [
        "- ",
        "1. ",
        "2) ",
        "> ",
        "```",
        "~~~\n",
        "\n",
        "\n\n",
        "word",
        " ",
        "    ",
        "#",
        "# ",
        "---",
        "===",
        "|",
        "| a | b |\n",
        "|---|---|\n",
        "*",
        "**",
        "`",
        "[x](http://y)",
        "  ",
        "\t",
        "![i](http://p)",
        "<b>",
        "&amp;",
        "\\",
        "10. ",
    ]
    for _ in range(500):
        text = "".join(chance.choice(parts) for _ in range(chance.randint(3, 60)))
        stream = MarkdownStream()
        position = 0
        while position < len(text):
            size = chance.randint(1, 9)
            stream.append(text[position : position + size])
            stream.advance()
            position += size
        stream.finish()
        assert stream.blocks == at_once(text), repr(text)
