import json
import os
from pathlib import Path

import msgspec
import pytest

from phidesk.core import chat_files
from phidesk.core.chat import GenerationResult, Role
from phidesk.core.chat_files import ChatFormat, read_chats, write_chats
from phidesk.core.chat_tree import ChatFileError, ChatTree, shown_path
from phidesk.core.conversation import Attachment, ChatInfo, ChatMessage, MessageState


def _tree() -> ChatTree:
    """A question with two answers; the first is shown, the second was being written."""
    question = ChatMessage(
        parent=None, role=Role.USER, text="Why is\nthe sky blue?",
        attachments=(Attachment(name="sky.md", text="# Sky\n```\ncode\n```\n"),),
    )  # fmt: skip
    result = GenerationResult(prompt_tokens=5, completion_tokens=3)
    first = ChatMessage(
        parent=question.id, role=Role.ASSISTANT, text="瑞利散射。", model="Tiny", result=result
    )
    second = ChatMessage(
        parent=question.id, role=Role.ASSISTANT, text="Ray", state=MessageState.STREAMING
    )
    chat = ChatInfo(
        title="The sky", leaf=first.id, system_prompt="Be brief.", folder="f", model="/home/x/m"
    )
    # The children stand first, as in a chat that was put together anew.
    return ChatTree(chat=chat, messages=(second, first, question), folder="Nature")


def _write(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, str):
        path.write_text(content)
    else:
        path.write_text(json.dumps(content))
    return path


def test_a_chat_comes_back_whole_with_new_ids(tmp_path: Path) -> None:
    tree = _tree()
    path = tmp_path / "chats.json"
    write_chats([tree, tree], path, ChatFormat.JSON)
    chats = read_chats(path)
    ids = {message.id for chat in chats for message in chat.messages}
    assert len(ids) == 6
    assert not ids & {message.id for message in tree.messages}
    for chat in chats:
        question, second, first = chat.messages
        assert chat.folder == "Nature"
        assert chat.chat.id != tree.chat.id
        assert (chat.chat.title, chat.chat.system_prompt) == ("The sky", "Be brief.")
        assert (chat.chat.folder, chat.chat.model) == (None, "")
        assert first.parent == second.parent == question.id
        assert shown_path(chat) == [question, first]
        assert second.state is MessageState.INTERRUPTED
        assert question.attachments == tree.messages[2].attachments
        assert first.result == tree.messages[1].result
    assert b"/home/x" not in path.read_bytes()


def test_messages_of_which_no_tree_can_be_made_are_exported_all_the_same(tmp_path: Path) -> None:
    orphan = ChatMessage(parent="gone", role=Role.USER, text="orphan")
    ring = [
        ChatMessage(id=one, parent=other, role=Role.USER, text=one) for one, other in ("ab", "ba")
    ]
    path = tmp_path / "chats.json"
    write_chats([ChatTree(chat=ChatInfo(), messages=(orphan, *ring))], path, ChatFormat.JSON)
    (chat,) = read_chats(path)
    assert sorted(message.text for message in chat.messages) == ["a", "b", "orphan"]


def test_sharegpt_is_the_path_that_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "chats.jsonl"
    write_chats([_tree(), ChatTree(chat=ChatInfo())], path, ChatFormat.SHAREGPT)
    (line,) = path.read_text().splitlines()
    turns = json.loads(line)["conversations"]
    assert [turn["from"] for turn in turns] == ["system", "human", "gpt"]
    assert "code" in turns[1]["value"]
    assert "Why is\nthe sky blue?" in turns[1]["value"]
    assert turns[2]["value"] == "瑞利散射。"
    (chat,) = read_chats(path)
    assert chat.chat.system_prompt == "Be brief."
    assert [message.role for message in shown_path(chat)] == [Role.USER, Role.ASSISTANT]


@pytest.mark.parametrize("name", ["list.json", "lines.jsonl"])
def test_sharegpt_of_others_is_read(tmp_path: Path, name: str) -> None:
    rows = [
        {"id": "x", "conversations": [{"from": "human", "value": "A " * 100}]},
        {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]},
    ]
    if name == "list.json":
        path = _write(tmp_path, name, rows)
    else:
        lines = [b"\xef\xbb\xbf", json.dumps(rows[0]).encode(), b"\r\n\n"]
        path = _write(tmp_path, name, b"".join(lines) + json.dumps(rows[1]).encode())
    first, second = read_chats(path)
    assert len(first.chat.title) <= 41
    assert first.chat.title.endswith("A…")
    assert [message.text for message in shown_path(second)] == ["q", "a"]
    assert second.messages[0].created < second.messages[1].created


def test_markdown_is_a_text_to_read(tmp_path: Path) -> None:
    path = tmp_path / "chat.md"
    write_chats([_tree()], path, ChatFormat.MARKDOWN)
    text = path.read_text()
    assert text.splitlines()[1] == "# The sky"
    assert "> Be brief." in text
    assert "````\n# Sky" in text  # a longer fence than the one inside
    assert text.index("## You") < text.index("Why is") < text.index("## Tiny")
    assert "瑞利散射。" in text
    assert list(tmp_path.iterdir()) == [path]


_MARK = '<!-- phidesk {"type":"message","role":"user","created":1} -->'
_HARD_TEXTS = (
    "```\n## You\n\n# Chat\n\n## Tiny\n```\n\n## You\n\nstill the answer",
    f"{_MARK}\n## You\n\n\\{_MARK}\n\\\\{_MARK}",
    "<think>\n先想一想。\n\n## You\n</think>\n\n瑞利散射。",
    "\n\n  spaces around it\r\n\x0b\u2028\n\n",
    "",
    '{"a": "*b*\\n## You"}',
    "*stars* --> <!-- a comment -->",
)


@pytest.mark.parametrize("text", _HARD_TEXTS)
def test_markdown_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    files = (
        Attachment(name="注 ```.md", text=text),
        Attachment(name="two.txt", text=f"````\n{text}\n`````\n"),
    )
    question = ChatMessage(parent=None, role=Role.USER, text=text, attachments=files)
    answer = ChatMessage(
        parent=question.id, role=Role.ASSISTANT, text=text, model="Tiny --> 模型", engine="fake",
        state=MessageState.FAILED, error="It *stopped*\n\nthere.",
    )  # fmt: skip
    chat = ChatInfo(
        title="天空 # ## You", is_titled=True, leaf=answer.id, system_prompt=f"Be brief.\n\n{text}"
    )
    tree = ChatTree(chat=chat, messages=(question, answer), folder="自然")
    path = tmp_path / "chat.md"
    write_chats([tree, ChatTree(chat=ChatInfo(system_prompt="")), tree], path, ChatFormat.MARKDOWN)
    first, empty, second = read_chats(path)
    assert (empty.messages, empty.chat.system_prompt) == ((), "")
    for found in (first, second):
        assert found.folder == tree.folder
        for name in ("title", "is_titled", "created", "system_prompt"):
            assert getattr(found.chat, name) == getattr(chat, name)
        for message, before in zip(shown_path(found), (question, answer), strict=True):
            for name in ("role", "text", "state", "created", "model", "error", "attachments"):
                assert getattr(message, name) == getattr(before, name)


def test_half_of_a_markdown_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "chat.md"
    write_chats([_tree()], path, ChatFormat.MARKDOWN)
    text = path.read_text()
    assert len(read_chats(path)) == 1
    for end in range(1, len(text) - 1):
        path.write_text(text[:end])
        with pytest.raises(ChatFileError):
            read_chats(path)
    path.write_text(f"{text}and more\n")
    with pytest.raises(ChatFileError, match="text after the end"):
        read_chats(path)


def test_answers_that_are_json_are_exported_as_they_are(tmp_path: Path) -> None:
    text = '{"a": "*b* _c_", "d": [1]}'
    messages = (
        ChatMessage(id="q", parent=None, role=Role.USER, text="{}"),
        ChatMessage(id="a", parent="q", role=Role.ASSISTANT, text=text),
    )
    tree = ChatTree(chat=ChatInfo(leaf="a"), messages=messages)
    path = tmp_path / "chat.md"
    write_chats([tree], path, ChatFormat.MARKDOWN)
    assert "## You\n\n{}\n" in path.read_text()
    assert f"## Assistant\n\n```json\n{text}\n```\n" in path.read_text()
    for form in ChatFormat:
        path = tmp_path / f"chat.{form}"
        write_chats([tree], path, form)
        assert read_chats(path)[0].messages[1].text == text


def _own(**changes: object) -> dict[str, object]:
    question = ChatMessage(id="q", parent=None, role=Role.USER, text="q")
    message = {**msgspec.to_builtins(question), **changes}
    return {
        "format": "phidesk chats",
        "version": 1,
        "chats": [{"chat": msgspec.to_builtins(ChatInfo(leaf="q")), "messages": [message]}],
    }


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", '{"conversations":[{"from":"human","value":"x"}]}\n{"conv', "line 2"),
        ("a.jsonl", '\n\n{"conversations":[]}', "line 3: it has no list"),
        ("a.jsonl", '{"text":"no chat"}', "line 1: it has no list"),
        ("a.jsonl", "17", "line 1"),
        ("a.jsonl", '{"conversations":[{"from":"tool","value":"x"}]}', "turn 1 is by “tool”"),
        ("a.jsonl", '{"conversations":[{"from":"gpt","value":[1]}]}', "turn 1 has no text"),
        ("a.jsonl", '{"conversations":["x"]}', "turn 1 is not an object"),
        ("a.jsonl", '{"conversations":[{"from":"gpt","value":"\\ud800"}]}', "line 1"),
        ("a.jsonl", b'\n{"conversations":[{"from":"gpt","value":"\xff"}]}', "line 2"),
        ("a.jsonl", '{"conversations":' + "[" * 100_000, "nested too deeply"),
        ("a.jsonl", "\n", "no chat in"),
        ("a.json", "", "line 1 is not JSON"),
        ("a.json", "[\n1,\n{]", "line 3 is not JSON"),
        ("a.json", '[\n{"conversations":[{"from":"gpt","value":"x"}]},\n7]', "line 3"),
        ("a.json", "[" * 100_000, "nested too deeply"),
        ("a.json", '[{"conversations":[]}\n\n', "line 1 is not JSON: it breaks off"),
        ("a.json", b'[\n{"conversations":[\n{"from":"gpt\xff"}]},\n7]', "line 3 is not UTF-8"),
        ("a.jsonl", '{"conversations":\n', "line 1 is not JSON: it breaks off"),
        ("a.jsonl", '{"text":1}{"text":2}\n\n', "line 1 is not JSON: trailing characters"),
        ("a.json", {"format": "something else", "version": 1}, "other than chats"),
        ("a.json", {"version": 1}, "not a file of chats"),
        ("a.json", {"format": "phidesk chats", "version": 2}, "newer phidesk"),
        ("a.json", {"format": "phidesk chats", "version": 1}, "no chat in"),
        ("a.json", _own(role="king"), "line 1"),
        ("a.json", _own(parent="nowhere"), "not before it"),
        ("a.json", _own(id="other"), "ends in is not there"),
        ("a.json", _own(created=1e300), "date"),
        ("a.txt", "hello", "no known kind"),
        ("a.md", "# Recipe\n\n## You\n\nflour", "not exported by phidesk"),
        ("a.md", "\n", "no chat in"),
        ("a.md", '<!-- phidesk {"type":"end"} -->\n', "line 1: a chat begins before"),
        ("a.md", '<!-- phidesk {"type":"chat","created":1} -->\n# A\n', "breaks off"),
        ("a.md", '<!-- phidesk {"type":"chat","created":"x"} -->\n# A\n', "line 1"),
        ("a.md", b'<!-- phidesk {"type":"chat","created":1} -->\n\xff', "line 2 is not UTF-8"),
    ],
)
def test_a_damaged_file_says_where(tmp_path: Path, name: str, content: object, words: str) -> None:
    path = _write(tmp_path, name, content)
    with pytest.raises(ChatFileError, match=r"^a\.|There is") as caught:
        read_chats(path)
    assert words in str(caught.value)


def test_the_line_of_a_damaged_message_is_said(tmp_path: Path) -> None:
    path = tmp_path / "chats.json"
    write_chats([_tree(), _tree()], path, ChatFormat.JSON)
    lines = path.read_text().splitlines()
    number = next(n for n, line in enumerate(lines) if n > 5 and "瑞利" in line)
    lines[number] = lines[number].replace('"assistant"', '"nobody"')
    path.write_text("\n".join(lines))
    with pytest.raises(ChatFileError, match=rf"line {number + 1}: .*nobody"):
        read_chats(path)


def test_what_is_too_large_or_no_file_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = tmp_path / "huge.json"
    huge.touch()
    os.truncate(huge, 10 * 2**30)  # without a byte on the disk
    with pytest.raises(ChatFileError, match=r"10,240 MB; at most 256 MB"):
        read_chats(huge)
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    for path, words in [(pipe, "not a file"), (tmp_path / "x.json", "not there")]:
        with pytest.raises(ChatFileError, match=words):
            read_chats(path)
    monkeypatch.setattr(chat_files, "MAX_CHATS", 2)
    row = {"conversations": [{"from": "human", "value": "x"}]}
    many = _write(tmp_path, "many.json", [row] * 3)
    with pytest.raises(ChatFileError, match="more than 2 chats"):
        read_chats(many)
