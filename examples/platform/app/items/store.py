"""Items in PostgreSQL. The state of an item is here, and the queue only says that there is work."""

import uuid
from dataclasses import asdict, dataclass

from items.database import Database

# Any number, the same in every task: one of them creates the table while the others wait.
SCHEMA_LOCK = 5_000_002
SCHEMA = """
CREATE TABLE IF NOT EXISTS items (
  id uuid PRIMARY KEY,
  text text NOT NULL,
  words integer,
  worker text,
  created_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz
);
CREATE INDEX IF NOT EXISTS items_by_end ON items (done_at);
"""
COLUMNS = "id, text, words, worker"
KEPT_DAYS = 30


@dataclass(frozen=True)
class Item:
    id: str
    text: str
    words: int | None
    worker: str | None

    @property
    def done(self) -> bool:
        return self.words is not None

    def as_json(self) -> dict:
        return {**asdict(self), "state": "done" if self.done else "queued"}


class ItemStore:
    def __init__(self, database: Database):
        self._database = database
        self._ready = False

    def add(self, text: str) -> Item:
        [row] = self._query(f"INSERT INTO items (id, text) VALUES (%s, %s) RETURNING {COLUMNS}", (uuid.uuid4(), text))
        return _item(row)

    def find(self, item_id: str) -> Item | None:
        rows = self._query(f"SELECT {COLUMNS} FROM items WHERE id = %s", (item_id,))
        return _item(rows[0]) if rows else None

    def finish(self, item_id: str, words: int, worker: str) -> bool:
        """Whether it was this call that finished the item: SQS may deliver a message twice."""
        sql = "UPDATE items SET words = %s, worker = %s, done_at = now() WHERE id = %s AND done_at IS NULL RETURNING id"
        return bool(self._query(sql, (words, worker, item_id)))

    def tidy(self) -> int:
        """Remove what has been done for long; returns how many."""
        sql = "DELETE FROM items WHERE done_at < now() - make_interval(days => %s) RETURNING id"
        return len(self._query(sql, (KEPT_DAYS,)))

    def waiting(self) -> int:
        [(count,)] = self._query("SELECT count(*) FROM items WHERE done_at IS NULL", ())
        return count

    def _query(self, sql: str, parameters: tuple) -> list[tuple]:
        """The table comes with the first statement, not at start: a task starts while the database is away."""
        if not self._ready:
            self._database.script(SCHEMA_LOCK, SCHEMA)
            self._ready = True
        return self._database.query(sql, parameters)


def _item(row: tuple) -> Item:
    item_id, text, words, worker = row
    return Item(str(item_id), text, words, worker)
