from collections.abc import Callable
from typing import Any

import pytest

from phidesk.worker.engines.text import SlowDetokenizer, StopStrings, detokenizer


def _cut(stops: tuple[str, ...], *parts: str) -> tuple[list[str], str | None]:
    filtered = StopStrings(stops)
    shown = [filtered.feed(part) for part in parts]
    return [*shown, filtered.flush()], filtered.found


def test_without_stop_strings_nothing_is_held() -> None:
    assert _cut((), "a", "b") == (["a", "b", ""], None)


def test_stop_string_is_cut_off_with_all_that_follows() -> None:
    assert _cut(("END",), "one END two") == (["one ", ""], "END")
    assert _cut(("END",), "one E", "N", "D two", " three") == (["one ", "", "", "", ""], "END")


def test_tail_that_could_be_a_stop_string_is_held_until_decided() -> None:
    assert _cut(("\n\nuser:",), "yes\n", "\nu", "nless") == (["yes", "", "\n\nunless", ""], None)


def test_held_tail_comes_with_the_flush() -> None:
    assert _cut(("###",), "a#", "#") == (["a", "", "##"], None)


def test_repeated_beginning_of_a_stop_string() -> None:
    assert _cut(("aab",), "a", "a", "a", "b") == (["", "", "a", "", ""], "aab")


def test_earliest_of_several_stop_strings_wins() -> None:
    assert _cut(("later", "soon"), "so now soon later") == (["so now ", ""], "soon")


@pytest.mark.parametrize("size", range(1, 7))
def test_any_chunking_gives_the_same_text(size: int) -> None:
    text = "abcabcabdabcabe and more"
    parts = [text[i : i + size] for i in range(0, len(text), size)]
    shown, found = _cut(("abcabe", "zzz"), *parts)
    assert "".join(shown) == "abcabcabd"
    assert found == "abcabe"


class _Bytes:
    """A slow tokenizer whose tokens are bytes; token 256 is special."""

    is_fast = False

    def decode(self, tokens: list[int], skip_special_tokens: bool) -> str:
        assert skip_special_tokens
        return bytes(t for t in tokens if t < 256).decode("utf-8", errors="replace")


TEXT = "naïve 你好，世界 😀🎉 👩‍👩‍👧 ok"


def _stream(decoder: Any, tokens: list[int]) -> list[str]:
    return [decoder.step(token) for token in tokens]


def test_slow_detokenizer_gives_whole_characters() -> None:
    pieces = _stream(SlowDetokenizer(_Bytes()), [*TEXT.encode(), 256])
    assert "".join(pieces) == TEXT
    assert "\ufffd" not in "".join(pieces)


def test_slow_detokenizer_drops_bytes_that_are_no_text() -> None:
    pieces = _stream(SlowDetokenizer(_Bytes()), [0xFF, 0xFE, *b"after", 0xE4, *b"ward"])
    assert "".join(pieces) == "afterward"


@pytest.fixture
def byte_tokenizer() -> Callable[[str], tuple[Any, list[int]]]:
    tokenizers = pytest.importorskip("tokenizers")
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    vocab = {character: n for n, character in enumerate(["<unk>", *alphabet])}
    backend = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocab, merges=[]))
    backend.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = tokenizers.decoders.ByteLevel()
    backend.add_special_tokens(["<unk>"])

    class Fast:
        is_fast = True
        backend_tokenizer = backend

    return lambda text: (Fast(), backend.encode(text).ids)


@pytest.mark.engine
def test_fast_detokenizer_gives_whole_characters(
    byte_tokenizer: Callable[[str], tuple[Any, list[int]]],
) -> None:
    tokenizer, ids = byte_tokenizer(TEXT)
    assert len(ids) == len(TEXT.encode())
    pieces = _stream(detokenizer(tokenizer), [*ids, 0])
    assert "".join(pieces) == TEXT


@pytest.mark.engine
def test_fast_detokenizer_survives_bytes_that_are_no_text(
    byte_tokenizer: Callable[[str], tuple[Any, list[int]]],
) -> None:
    tokenizer, ids = byte_tokenizer("你好")
    broken = [*ids[1:3], *ids[:2], *ids[1:2] * 9, *ids, *ids]
    text = "".join(_stream(detokenizer(tokenizer), broken))
    assert text.endswith("你好")
    assert "\ufffd" not in text
