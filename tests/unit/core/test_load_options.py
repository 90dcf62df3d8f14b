"""Load options: what they may be, and what goes together."""

from typing import Any

import pytest

from phidesk.core.load_options import (
    MAX_CHATS,
    MAX_GPUS,
    KvDtype,
    LoadOptions,
    Speculation,
    Startup,
)


def test_the_defaults_change_nothing_about_a_plain_load() -> None:
    options = LoadOptions()
    assert options.startup is Startup.FAST
    assert options.kv_dtype is KvDtype.AUTO
    assert options.speculation is Speculation.OFF
    assert (options.parallel_chats, options.gpus, options.cpu_offload_bytes) == (1, 1, 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"parallel_chats": MAX_CHATS},
        {"gpus": MAX_GPUS},
        {"speculative_tokens": 1},
        {"speculative_tokens": 16},
        {"cpu_offload_bytes": 10**12},
        {"speculation": Speculation.NGRAM},
        {"speculation": Speculation.DRAFT, "draft_model": "/m/小"},
    ],
)
def test_the_bounds_themselves_are_allowed(fields: dict[str, Any]) -> None:
    options = LoadOptions(**fields)
    assert all(getattr(options, name) == value for name, value in fields.items())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"parallel_chats": 0}, "parallel chats must lie between 1 and 64, not 0"),
        ({"parallel_chats": MAX_CHATS + 1}, "parallel chats .* not 65"),
        ({"gpus": 0}, "the number of GPUs must lie between 1 and 16, not 0"),
        ({"gpus": MAX_GPUS + 1}, "the number of GPUs .* not 17"),
        ({"speculative_tokens": 0}, "speculative tokens must lie between 1 and 16, not 0"),
        ({"speculative_tokens": 17}, "speculative tokens .* not 17"),
        ({"cpu_offload_bytes": -1}, "cannot be negative"),
        ({"speculation": Speculation.DRAFT}, "needs the folder of that model"),
        ({"draft_model": "/m/small"}, "needs the folder of that model"),
        (
            {"speculation": Speculation.NGRAM, "draft_model": "/m/small"},
            "needs the folder of that model",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        LoadOptions(**fields)
