"""For which context length, and with how many requests at once, a model is served."""

import pytest

from phidesk.core.load_options import LoadOptions
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.serving import (
    DEFAULT_CONTEXT,
    MIN_CONTEXT,
    graph_sizes,
    running_at_once,
    serving_context,
)


@pytest.mark.parametrize(
    ("wanted", "longest", "context"),
    [
        (None, 16_384, DEFAULT_CONTEXT),
        (None, 2048, 2048),
        (None, None, DEFAULT_CONTEXT),
        (4096, 16_384, 4096),
        (100_000, 16_384, 16_384),
        (10, 16_384, MIN_CONTEXT),
    ],
)
def test_the_context_lies_within_the_models(
    wanted: int | None, longest: int | None, context: int
) -> None:
    model = ModelRef(name="m", path="/m", format=ModelFormat.SAFETENSORS, context_length=longest)
    assert serving_context(model, wanted) == context


@pytest.mark.parametrize(
    ("chats", "most", "sizes"),
    [(1, 8, [1, 2, 4, 8]), (8, 8, [1, 2, 4, 8]), (9, 9, [1, 2, 4, 8, 16])],
)
def test_graphs_reach_what_runs_at_once(chats: int, most: int, sizes: list[int]) -> None:
    options = LoadOptions(parallel_chats=chats)
    assert (running_at_once(options), graph_sizes(options)) == (most, sizes)
