"""Links in Redis. Losing Redis costs time, never an answer."""

import json
import logging
import time

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from links.link import Link
from links.log import timed
from links.settings import RedisSettings

TTL_SECONDS = 300
TIMEOUT_SECONDS = 0.25
# After a failure Redis is left alone for this long, so that its loss does not cost every request the time-out.
REST_SECONDS = 1.0


class LinkCache:
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

    @property
    def available(self) -> bool:
        return self._clock() >= self._rests_until

    def get(self, code: str) -> Link | None:
        value = self._ask("get", _key(code))
        return Link(**json.loads(value)) if value else None

    def put(self, link: Link) -> None:
        self._ask("set", _key(link.code), json.dumps(link.as_dict()), ex=TTL_SECONDS)

    def forget(self, code: str) -> None:
        self._ask("delete", _key(code))

    def _ask(self, command: str, *args, **options):
        if not self.available:
            return None
        try:
            with timed("redis"):
                return getattr(self._client, command)(*args, **options)
        except redis.RedisError as error:
            self._rests_until = self._clock() + REST_SECONDS
            logging.getLogger("links").warning("redis cannot be used", extra={"reason": str(error)})
            return None


def _key(code: str) -> str:
    return f"link:{code}"
