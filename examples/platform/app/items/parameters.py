"""Settings and feature flags that an operator changes in Parameter Store while tasks run."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping

from items.log import LOGGER

AGE_SECONDS = 30.0
MOST_AT_ONCE = 10

Read = Callable[[list[str]], Mapping[str, str]]


class LiveParameters:
    """Reads parameters at most every 30 seconds; a call that fails changes nothing, and is repeated after that time."""

    def __init__(self, names: Iterable[str], read: Read | None = None, age: float = AGE_SECONDS, clock=time.monotonic):
        self._names = list(names)[:MOST_AT_ONCE]
        self._read = read or _read
        self._age = age
        self._clock = clock
        self._values: Mapping[str, str] = {}
        self._read_at: float | None = None

    def get(self, name: str, otherwise: str) -> str:
        if self._read_at is None or self._clock() - self._read_at >= self._age:
            self._refresh()
        return self._values.get(name, otherwise)

    def _refresh(self) -> None:
        self._read_at = self._clock()
        try:
            self._values = self._read(self._names)
        except Exception as error:
            logging.getLogger(LOGGER).warning("parameters cannot be read", extra={"reason": str(error)})


class Operators:
    """What operators decide: the level of the logs, and whether many items may come at once."""

    def __init__(self, env: Mapping[str, str], read: Read | None = None, clock=time.monotonic):
        self._level = env.get("LOG_LEVEL", "info")
        self._level_name = f"{env['SETTINGS_PATH']}LOG_LEVEL"
        self._bulk_name = f"{env['FLAGS_PATH']}bulkImport"
        age = float(env.get("PARAMETER_SECONDS", AGE_SECONDS))
        self._parameters = LiveParameters([self._level_name, self._bulk_name], read, age, clock)

    @property
    def log_level(self) -> str:
        return self._parameters.get(self._level_name, self._level)

    @property
    def bulk_import(self) -> bool:
        return self._parameters.get(self._bulk_name, "false") == "true"


_client = None


def _read(names: list[str]) -> dict[str, str]:
    global _client
    if _client is None:
        import boto3

        _client = boto3.client("ssm")
    answer = _client.get_parameters(Names=names)
    return {parameter["Name"]: parameter["Value"] for parameter in answer["Parameters"]}
