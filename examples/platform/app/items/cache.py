"""Finished items in Redis. Losing Redis costs time, never an answer."""

import json
import logging
import time

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from items.log import LOGGER
from items.settings import RedisSettings
from items.store import Item

TTL_SECONDS = 300
TIMEOUT_SECONDS = 0.25
# After a failure Redis is left alone for this long, so that its loss does not cost every request the time-out.
REST_SECONDS = 1.0


class ItemCache:
    def __init__(self, settings: RedisSettings, client: redis.Redis | None = None, clock=time.monotonic):
        self._client = client or redis.Redis(
            host=settings.host,
            port=settings.port,
            username=settings.username,
            password=settings.password,
            ssl=settings.tls,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            # A connection that Redis or a proxy has closed meanwhile is replaced at once.
            retry=Retry(NoBackoff(), 1),
            decode_responses=True,
        )
        self._clock = clock
        self._rests_until = 0.0

    def get(self, item_id: str) -> Item | None:
        value = self._ask("get", _key(item_id))
        return Item(**json.loads(value)) if value else None

    def put(self, item: Item) -> None:
        """Only what does not change any more."""
        if item.done:
            value = {"id": item.id, "text": item.text, "words": item.words, "worker": item.worker}
            self._ask("set", _key(item.id), json.dumps(value), ex=TTL_SECONDS)

    def _ask(self, command: str, *args, **options):
        if self._clock() < self._rests_until:
            return None
        try:
            return getattr(self._client, command)(*args, **options)
        except redis.RedisError as error:
            self._rests_until = self._clock() + REST_SECONDS
            logging.getLogger(LOGGER).warning("redis cannot be used", extra={"reason": str(error)})
            return None


def _key(item_id: str) -> str:
    return f"item:{item_id}"
