"""What a witness remembers: of each log the tree that it signed last, in one small SQLite file.

    with memory.turn() as turn:
        decision = decide(body, logs, turn.head)    turn.head takes the only writer's place, then reads
        at = turn.keep(decision.checkpoint, now)
                                                    here it is on the disk, and only now anything is signed

Between reading the old head and keeping the new one nobody else writes, in this process or another: BEGIN IMMEDIATE.
When a turn has ended its head survives a loss of power: a rollback journal with synchronous = EXTRA, which makes
durable that the journal is gone, too (https://sqlite.org/pragma.html#pragma_synchronous). The table itself refuses a
smaller tree, another root of the same size and an earlier time.

Without its memory a witness would sign a second history. So a memory is made once, with a new key (`registry witness
… init`), and a witness whose memory is missing does not start.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from registry.core.errors import Conflict, InputRefused, Unavailable
from registry.tlog.checkpoint import Checkpoint
from registry.tlog.witnessing import Head

LOCK_SECONDS = 5.0
"""How long a turn waits for another process on the same file."""
MOST_BACK = 5
"""Seconds that a clock may be behind the last cosignature; what is signed then has the time of that one."""
_DURABLE = ("journal_mode=DELETE", "synchronous=EXTRA")
_SCHEMA = """
BEGIN EXCLUSIVE;
CREATE TABLE heads (
    origin TEXT NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL CHECK (typeof(size) = 'integer' AND size >= 0),
    root BLOB NOT NULL CHECK (typeof(root) = 'blob' AND length(root) = 32),
    signed_at INTEGER NOT NULL CHECK (typeof(signed_at) = 'integer')
) WITHOUT ROWID;
CREATE TRIGGER heads_go_on BEFORE UPDATE ON heads
WHEN NEW.origin <> OLD.origin OR NEW.size < OLD.size OR NEW.signed_at < OLD.signed_at
    OR (NEW.size = OLD.size AND NEW.root <> OLD.root)
BEGIN SELECT RAISE(ABORT, 'a witness never goes back'); END;
CREATE TRIGGER heads_stay BEFORE DELETE ON heads BEGIN SELECT RAISE(ABORT, 'a witness never forgets'); END;
COMMIT;
"""
_HEAD = "SELECT size, root, signed_at FROM heads WHERE origin = ?"
_KEEP = """
    INSERT INTO heads (origin, size, root, signed_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, signed_at = excluded.signed_at
"""


class Memory:
    """The file, which must be there."""

    def __init__(self, file: Path, lock_seconds: float = LOCK_SECONDS) -> None:
        self._file = file
        self._lock_seconds = lock_seconds
        try:
            with self.turn() as turn:
                turn.head("")
        except Unavailable as problem:
            raise InputRefused(
                "is not there, or is no memory of a witness.", field="state_file", code="WITNESS_MEMORY_MISSING",
                remedy="Bring it back; if it is lost, begin a new witness with a new key: registry witness init.",
            ) from problem  # fmt: skip

    @contextmanager
    def turn(self) -> Iterator["Turn"]:
        """Decide on one request: what is kept within is durable at the end, or nothing is. Raises Unavailable."""
        try:
            with closing(_connected(self._file, self._lock_seconds)) as connection:
                turn = Turn(connection)
                try:
                    yield turn
                    if connection.in_transaction:
                        connection.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
        except sqlite3.Error as problem:
            raise Unavailable("The memory of this witness can't be read or written.") from problem


class Turn:
    """One look at the memory, and at most one thing kept."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._kept_at = 0

    def head(self, origin: str) -> Head | None:
        """Take the only writer's place, and return the tree of a log that was signed last."""
        self._connection.execute("BEGIN IMMEDIATE")
        row = self._connection.execute(_HEAD, (origin,)).fetchone()
        if row is None:
            return None
        size, root, self._kept_at = row
        return Head(size, root)

    def keep(self, checkpoint: Checkpoint, now: int) -> int:
        """Keep the tree that will be signed, and return the time to sign it with: none is before the last one's.

        A cosignature says that its witness knows of no larger tree at that time, so a later tree never has an earlier
        time. Raises Unavailable (CLOCK_WENT_BACK).
        """
        if now < self._kept_at - MOST_BACK:
            raise Unavailable("The clock of this witness is behind what it has signed.", code="CLOCK_WENT_BACK",
                              remedy="Set the clock right, then ask again.")  # fmt: skip
        at = max(now, self._kept_at)
        self._connection.execute(_KEEP, (checkpoint.origin, checkpoint.size, checkpoint.root, at))
        return at


def create(file: Path) -> None:
    """Make an empty memory where none is. Raises Conflict (WITNESS_EXISTS)."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise exists("state_file") from None
    with closing(_connected(file)) as connection:
        connection.executescript(_SCHEMA)


def exists(field: str) -> Conflict:
    """Return the refusal to begin a witness where one is."""
    return Conflict("is there already.", field=field, code="WITNESS_EXISTS",
                    remedy="A key is never joined to a new memory: name other files for a new witness.")  # fmt: skip


def _connected(file: Path, lock_seconds: float = LOCK_SECONDS) -> sqlite3.Connection:
    """Open the file; one that is not there is not made."""
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=lock_seconds, isolation_level=None
    )
    try:
        for pragma in _DURABLE:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
