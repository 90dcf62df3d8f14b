from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from phidesk.store.chats import ChatStore
from phidesk.store.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(tmp_path / "data" / "chats.sqlite3")
    made.open()
    return made


@pytest.fixture
def store(database: Database) -> Iterator[ChatStore]:
    with closing(database.connect()) as connection:
        yield ChatStore(connection)
