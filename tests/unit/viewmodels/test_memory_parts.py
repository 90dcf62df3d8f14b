"""What a memory is filled with."""

import random

from msgspec.structs import astuple

from phidesk.viewmodels.memory_parts import MemoryParts, parts_of


def test_the_engine_is_split_and_the_rest_is_the_others() -> None:
    assert parts_of(9, 4, 0.25, used=20, ours=16) == MemoryParts(
        weights=9, kv_used=1, kv_reserved=3, workspace=3, others=4
    )


def test_where_no_process_is_named_what_the_engine_says_is_taken() -> None:
    assert parts_of(9, 4, 0.5, used=20, ours=0) == MemoryParts(
        weights=9, kv_used=2, kv_reserved=2, workspace=0, others=7
    )


def test_a_pool_that_was_never_touched_is_in_no_memory() -> None:
    assert parts_of(9, 100, 0.0, used=20, ours=12) == MemoryParts(
        weights=9, kv_used=0, kv_reserved=3, workspace=0, others=8
    )


def test_the_parts_are_what_is_in_use() -> None:
    rng = random.Random(0)
    for _ in range(1000):
        weights, kv, used, ours = (rng.randrange(100) for _ in range(4))
        parts = astuple(parts_of(weights, kv, rng.uniform(-1, 2), used=used, ours=ours))
        assert sum(parts) == used
        assert min(parts) >= 0
