"""Opens the file of the chats: makes it, brings it up to date, sets a damaged one aside."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from phidesk.store.chats import ChatStore
from phidesk.store.errors import StoreDamagedError, StoreError, StoreTooNewError, is_damage
from phidesk.store.migrations import MIGRATIONS, Migration
from phidesk.store.rescue import rescue

APPLICATION_ID = 0x70686964  # "phid", in the file's head
_BUSY_S = 10.0
_PARTS = ("", "-wal", "-shm")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have ended it already
            connection.execute("ROLLBACK")
        raise


class Database:
    """One file, which several windows may have open.

    aside: where open() has put a damaged file, for the user to be told; None if there was none.
    rescued: how many messages could be taken out of it.
    """

    def __init__(self, path: Path, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
        self.path = path
        self._migrations = migrations
        self.aside: Path | None = None
        self.rescued = 0

    @property
    def version(self) -> int:
        """The version that this program writes."""
        return len(self._migrations)

    def open(self) -> None:
        """Make the file ready for connect().

        Raises StoreTooNewError, and OSError or sqlite3.Error where it cannot be opened now.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        rescued = _beside(self.path, ".rescued")
        if not self.path.exists() and rescued.exists():  # the program ended between two renames
            rescued.rename(self.path)
        try:
            self._prepare()
        except StoreDamagedError:
            self._rescue_to(rescued)
            self.aside = self._set_aside()
            rescued.rename(self.path)

    def connect(self) -> sqlite3.Connection:
        """Return a connection in which each statement is a transaction unless one was begun.

        Raises StoreTooNewError, and sqlite3.Error or OSError.
        """
        connection = self._connect()
        try:
            self.refuse_newer(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def connect_to_read(self) -> sqlite3.Connection:
        """Return a connection for when the disk is full or read-only, and connect() needs room.

        It takes the file as it is, and sees nothing of what is written meanwhile. Raises as
        connect(), and where a part of what was written stands only in the log.
        """
        log = _beside(self.path, "-wal")
        if log.exists() and log.stat().st_size:
            raise StoreError("what was written last has not been put in order yet")
        address = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False
        )
        try:
            self._refuse_strangers(connection)
            self.refuse_newer(connection)
            if _number(connection, "user_version") < self.version:
                raise StoreError(
                    "they were written by an earlier phidesk, and there is no room on the disk to "
                    "put them into their new form. Free some: they are as they were"
                )
        except BaseException:
            connection.close()
            raise
        return connection

    def refuse_newer(self, connection: sqlite3.Connection) -> None:
        """Raise StoreTooNewError where a newer phidesk has written the file, maybe just now."""
        version = _number(connection, "user_version")
        if version > self.version:
            raise StoreTooNewError(
                f"Your chats were written by a newer phidesk (format {version}; this one knows "
                f"{self.version}). They are left as they are. Open them with the newer phidesk."
            )

    def suspect(self) -> None:
        """Have the whole file checked when it is opened next."""
        with suppress(OSError):
            self._mark.touch()

    @property
    def _mark(self) -> Path:
        return self.path.with_name(f"{self.path.name}-check")

    def _prepare(self) -> None:
        try:
            is_doubtful = self._mark.exists() or self._has_lost_log()
            with closing(self._connect()) as connection:
                self._refuse_strangers(connection)
                self.refuse_newer(connection)
                if is_doubtful:
                    _check(connection)
                    self._mark.unlink(missing_ok=True)
                connection.execute("PRAGMA journal_mode = WAL")
                if _number(connection, "user_version") < self.version:
                    self._migrate(connection)
        except sqlite3.Error as error:
            if is_damage(error):
                raise StoreDamagedError(str(error)) from error
            raise

    def _rescue_to(self, path: Path) -> None:
        """Write what can be read into a file that is whole, or that the next start makes anew."""
        partial = Database(_beside(path, ".partial"), self._migrations)
        for file in (*(_beside(partial.path, part) for part in _PARTS), path):
            file.unlink(missing_ok=True)
        partial._prepare()
        with closing(partial.connect()) as connection, transaction(connection):
            self.rescued = rescue(self.path, ChatStore(connection))
        partial.path.rename(path)  # to close it has put its log into it

    def _has_lost_log(self) -> bool:
        """Return whether a window that was killed has left its log behind; an open one has it."""
        if not _beside(self.path, "-wal").exists():
            return False
        with closing(sqlite3.connect(self.path, timeout=0)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            try:
                connection.execute("SELECT count(*) FROM sqlite_master")
            except sqlite3.OperationalError as error:
                return error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY
            self.suspect()  # to close it takes the log away
        return True

    def _connect(self) -> sqlite3.Connection:
        if not self.path.exists():
            # What is said in chats is nobody else's: SQLite gives its other files these rights too.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = FAST")
            # Written to the disk at each commit: there are few, and none waits in the window.
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _refuse_strangers(self, connection: sqlite3.Connection) -> None:
        is_blank = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        is_own = _number(connection, "application_id") == APPLICATION_ID
        if not is_own and not (is_blank and _number(connection, "user_version") == 0):
            raise StoreDamagedError(f"{self.path.name} is no database of phidesk's")

    def _migrate(self, connection: sqlite3.Connection) -> None:
        with transaction(connection):
            version = _number(connection, "user_version")  # another window may have done it
            if version:
                self._back_up(version)
            for number, migration in enumerate(self._migrations[version:], start=version + 1):
                migration(connection)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise StoreError("Your chats cannot be brought into this phidesk's format.")

    def _back_up(self, version: int) -> None:
        """Copy the file as it is; nobody can write meanwhile."""
        copy = _beside(self.path, f".version-{version}")
        partial = _beside(copy, ".partial")
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(self._connect()) as source, closing(sqlite3.connect(partial)) as target:
            source.backup(target)
        partial.replace(copy)

    def _set_aside(self) -> Path:
        """Rename the file and its log; a window that has it open goes on in what was renamed."""
        stamp = time.strftime("%Y-%m-%d-%H%M%S")
        aside = _beside(self.path, f".damaged-{stamp}")
        for part in _PARTS:
            if _beside(self.path, part).exists():
                _beside(self.path, part).rename(_beside(aside, part))
        self._mark.unlink(missing_ok=True)
        return aside


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _check(connection: sqlite3.Connection) -> None:
    """Look at every page: 2 s for a gigabyte."""
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreDamagedError(str(found))
