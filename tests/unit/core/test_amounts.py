import pytest

from phidesk.core.amounts import exact_size, size


@pytest.mark.parametrize(
    ("count", "short", "exact"),
    [
        (0, "0 MB", "0 kB"),
        (12_345, "12 kB", "12 kB"),
        (1_560_000, "2 MB", "1.6 MB"),
        (5_324_000_000, "5.3 GB", "5.32 GB"),
        (24_060_000_000, "24 GB", "24.06 GB"),
        (10_000_000_000_000, "10.0 TB", "10.00 TB"),
    ],
)
def test_bytes_are_words(count: int, short: str, exact: str) -> None:
    assert size(count) == short
    assert exact_size(count) == exact
    assert exact_size(5_324_000_000, 1) == "5.3 GB"
