"""Links: written to PostgreSQL, read from Redis first."""

from datetime import UTC

from links.cache import LinkCache
from links.database import Database
from links.errors import ApiError
from links.link import Link, new_code

COLUMNS = "code, url, created_at"
ATTEMPTS = 5


class LinkStore:
    def __init__(self, database: Database, cache: LinkCache):
        self._database = database
        self._cache = cache

    def find(self, code: str) -> tuple[Link | None, str]:
        """The link, and where it came from: HIT, MISS, or BYPASS while Redis is away."""
        cached = self._cache.get(code)
        if cached:
            return cached, "HIT"
        how = "MISS" if self._cache.available else "BYPASS"
        rows = self._database.query(f"SELECT {COLUMNS} FROM links WHERE code = %s", (code,))
        if not rows:
            return None, how
        link = _link(rows[0])
        self._cache.put(link)
        return link, how

    def newest(self, limit: int) -> list[Link]:
        rows = self._database.query(f"SELECT {COLUMNS} FROM links ORDER BY created_at DESC, code LIMIT %s", (limit,))
        return [_link(row) for row in rows]

    def add(self, url: str, code: str | None) -> Link:
        """A taken code is the caller's mistake if they chose it, and ours to replace if we did."""
        for _ in range(1 if code else ATTEMPTS):
            rows = self._database.query(
                f"INSERT INTO links (code, url) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING {COLUMNS}",
                (code or new_code(), url),
            )
            if rows:
                return _link(rows[0])
        raise ApiError(409, "code_taken", f"The code {code} is taken." if code else "No free code was found; please try again.")

    def remove(self, code: str) -> bool:
        rows = self._database.query("DELETE FROM links WHERE code = %s RETURNING code", (code,))
        # After the row: a reader in between would put it back.
        self._cache.forget(code)
        return bool(rows)


def _link(row: tuple) -> Link:
    code, url, created_at = row
    return Link(code, url, created_at.astimezone(UTC).isoformat(timespec="milliseconds"))
