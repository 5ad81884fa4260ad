"""Redis: one connection pool for each process, and a lock for what only one process may do at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import redis
from django.conf import settings

LOCK_SECONDS = 120
WAIT_SECONDS = 60


@cache
def client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5, decode_responses=True)


@contextmanager
def only_one(name: str) -> Iterator[None]:
    with client().lock(f"lock:{name}", timeout=LOCK_SECONDS, blocking_timeout=WAIT_SECONDS):
        yield
