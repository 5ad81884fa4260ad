"""Stand-ins for PostgreSQL and Redis that can be switched off."""

from datetime import UTC, datetime

import redis

from links.cache import LinkCache
from links.errors import StoreUnavailable
from links.settings import DatabaseSettings, RedisSettings, Settings

SETTINGS = Settings(
    database=DatabaseSettings("db", 5432, "links", "app", "old", "arn:secret", 4),
    redis=RedisSettings("redis", 6379, False, None, None),
)


class FakeDatabase:
    """Knows the four statements of the store."""

    def __init__(self):
        self.rows = {}
        self.down = False
        self.asked = 0

    def query(self, sql, parameters=()):
        self.asked += 1
        if self.down:
            raise StoreUnavailable
        if sql.startswith("INSERT"):
            code, url = parameters
            if code in self.rows:
                return []
            self.rows[code] = (code, url, datetime(2026, 11, 20, 12, 0, len(self.rows), tzinfo=UTC))
            return [self.rows[code]]
        if sql.startswith("DELETE"):
            return [self.rows.pop(parameters[0])] if parameters[0] in self.rows else []
        if "WHERE code" in sql:
            return [self.rows[parameters[0]]] if parameters[0] in self.rows else []
        return sorted(self.rows.values(), key=lambda row: row[2], reverse=True)[: parameters[0]]


class FakeRedis:
    def __init__(self):
        self.values = {}
        self.down = False
        self.asked = 0

    def _ask(self):
        self.asked += 1
        if self.down:
            raise redis.ConnectionError("refused")

    def get(self, key):
        self._ask()
        return self.values.get(key)

    def set(self, key, value, ex):
        self._ask()
        self.values[key] = value
        self.ttl = ex

    def delete(self, key):
        self._ask()
        self.values.pop(key, None)


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def fake_cache():
    """A cache on a Redis and a clock that the test holds."""
    fake, clock = FakeRedis(), Clock()
    return LinkCache(SETTINGS.redis, client=fake, clock=clock), fake, clock
