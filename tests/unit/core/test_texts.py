import json
import re
from pathlib import Path

import pytest

from phidesk.core import texts
from phidesk.core.chat import Message, Role
from phidesk.core.paths import resources
from phidesk.core.texts import (
    CalibrationTextError,
    Pack,
    calibration_documents,
    dialogues,
    held_out_documents,
    read_own_texts,
)

PACKS = list(Pack)


def _write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def _lines(*rows: object) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_is_utf8_text_of_200_to_400_kb(pack: Pack) -> None:
    raw = (resources() / "texts" / f"{pack}.txt").read_bytes()
    assert 200_000 <= len(raw) <= 400_000
    text = raw.decode("utf-8")
    assert "\ufffd" not in text
    assert "\r" not in text
    assert "Project Gutenberg" not in text


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_has_a_label_a_description_and_a_row_in_the_sources(pack: Pack) -> None:
    assert pack.label
    assert pack.description.endswith(".")
    assert f"`{pack}.txt`" in (resources() / "texts" / "SOURCES.md").read_text(encoding="utf-8")


def test_every_licence_that_the_sources_name_is_kept() -> None:
    folder = resources() / "texts"
    named = re.findall(r"\(licences/([^)]+)\)", (folder / "SOURCES.md").read_text(encoding="utf-8"))
    assert set(named) == {path.name for path in (folder / "licences").iterdir()}


@pytest.mark.parametrize("pack", PACKS)
def test_the_two_parts_are_disjoint_whole_and_the_same_each_time(pack: Pack) -> None:
    calibration, held_out = calibration_documents(pack), held_out_documents(pack)
    assert calibration == calibration_documents(pack)
    assert held_out == held_out_documents(pack)
    assert not set(calibration) & set(held_out)
    assert all(text.strip() for text in calibration + held_out)
    stored = (resources() / "texts" / f"{pack}.txt").read_text(encoding="utf-8").split("\n\f\n")
    assert sorted(calibration + held_out) == sorted(text.strip("\n") for text in stored)


@pytest.mark.parametrize("pack", PACKS)
def test_the_held_out_part_is_about_a_fifth_in_many_documents(pack: Pack) -> None:
    calibration, held_out = calibration_documents(pack), held_out_documents(pack)
    held = sum(map(len, held_out))
    assert 0.15 < held / (held + sum(map(len, calibration))) < 0.25
    assert len(held_out) >= 15


def test_the_chinese_pack_is_mostly_chinese_on_both_sides() -> None:
    for documents in (calibration_documents(Pack.CHINESE), held_out_documents(Pack.CHINESE)):
        letters = re.sub(r"\s", "", "".join(documents))
        assert len(re.findall("[\u4e00-\u9fff]", letters)) > 0.7 * len(letters)


def test_every_document_of_the_chat_pack_is_a_dialogue() -> None:
    documents = calibration_documents(Pack.CHAT) + held_out_documents(Pack.CHAT)
    found = dialogues(documents)
    assert len(found) == len(documents)
    for messages in found:
        roles = [message.role for message in messages]
        assert roles == [Role.USER, Role.ASSISTANT] * (len(roles) // 2)
        assert all(message.content for message in messages)


def test_prose_holds_no_dialogues() -> None:
    assert dialogues(["He said.\nUser: Hi.\nAssistant: Hello.", "Nothing at all.", ""]) == []


def test_a_turn_may_have_several_lines() -> None:
    (found,) = dialogues(["System: Be kind.\nUser: Hi.\n\nStill me: yes.\nAssistant: Hello."])
    assert found == (
        Message(role=Role.SYSTEM, content="Be kind."),
        Message(role=Role.USER, content="Hi.\n\nStill me: yes."),
        Message(role=Role.ASSISTANT, content="Hello."),
    )


@pytest.mark.parametrize("name", ["own.txt", "own.md", "OWN.TXT"])
def test_a_text_file_is_one_document(tmp_path: Path, name: str) -> None:
    assert read_own_texts(_write(tmp_path, name, "One.\n\nTwo — 二.\n")) == ["One.\n\nTwo — 二."]


def test_form_feeds_separate_documents(tmp_path: Path) -> None:
    path = _write(tmp_path, "own.txt", b"\xef\xbb\xbfOne.\r\n\x0c\r\nTwo.\n\x0c\n \n\x0cThree.")
    assert read_own_texts(path) == ["One.", "Two.", "Three."]


def test_jsonl_in_every_form(tmp_path: Path) -> None:
    rows = _lines(
        {"text": "One\ntwo"},
        "A plain string",
        {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yo"}]},
        {"conversations": [{"from": "human", "value": "你好"}, {"from": "gpt", "value": "您好"}]},
        {"id": 7},
        12,
    )
    path = _write(tmp_path, "own.jsonl", "\ufeff" + rows.replace("\n", "\n\n") + "\n")
    assert read_own_texts(path) == [
        "One\ntwo",
        "A plain string",
        "User: Hi\nAssistant: Yo",
        "User: 你好\nAssistant: 您好",
    ]


def test_conversations_of_a_file_become_dialogues(tmp_path: Path) -> None:
    turns = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Continue this:\nUser: x\nAssistant: y"},
        {"role": "tool", "content": "{}"},
        {"role": "assistant", "content": [{"type": "image"}]},
        {"role": "assistant", "content": "No."},
        "odd",
    ]
    path = _write(tmp_path, "own.jsonl", _lines({"messages": turns}))
    (found,) = dialogues(read_own_texts(path))
    assert [message.role for message in found] == [Role.SYSTEM, Role.USER, Role.ASSISTANT]
    assert "Assistant: y" in found[1].content


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("own.txt", b"", r"own\.txt is empty"),
        ("own.txt", b" \n\x0c\n", r"own\.txt is empty"),
        ("own.jsonl", b"\n\n", r"own\.jsonl is empty"),
        ("own.txt", b"one\ntw\xff\n", r"own\.txt is not UTF-8 text \(line 2\).*UTF-8"),
        ("own.jsonl", b'"a"\n"b"\n"\xff"\n', r"own\.jsonl is not UTF-8 text \(line 3\)"),
        ("own.jsonl", b'"a"\n"b"\nprose\n', r"own\.jsonl is not JSONL: line 3 is not JSON"),
        ("own.jsonl", b"[" * 10_000, r"own\.jsonl is not JSONL: line 1 is not JSON"),
        ("own.jsonl", b'{"a": 1}\n{"b": 2}', r'own\.jsonl has no text in its 2 lines.*"text"'),
        ("own.jsonl", b'{"messages": "x"}', r"own\.jsonl has no text"),
        ("own.pdf", b"%PDF", r"own\.pdf is of no known kind.*Choose"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    with pytest.raises(CalibrationTextError, match=words):
        read_own_texts(_write(tmp_path, name, content))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CalibrationTextError, match=r"own\.txt is not there.*Choose the file again"):
        read_own_texts(tmp_path / "own.txt")


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "own.txt").mkdir()
    with pytest.raises(CalibrationTextError, match=r"own\.txt cannot be read \(.+\)"):
        read_own_texts(tmp_path / "own.txt")


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MAX_MB", 3)
    path = _write(tmp_path, "own.txt", b"x" * (3 * 1024**2 + 1))
    with pytest.raises(CalibrationTextError, match=r"own\.txt is larger than 3 MB.*Cut"):
        read_own_texts(path)
