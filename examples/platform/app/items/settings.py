"""What the environment says. The names are those that the infrastructure's `connectTo` gives."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

Env = Mapping[str, str]


@dataclass(frozen=True)
class DatabaseSettings:
    host: str
    port: int
    name: str
    username: str
    password: str
    secret_arn: str | None
    connections: int

    @staticmethod
    def of(env: Env = os.environ) -> "DatabaseSettings":
        needed(env, "DATABASE_HOST", "DATABASE_USERNAME", "DATABASE_PASSWORD")
        return DatabaseSettings(
            host=env["DATABASE_HOST"],
            port=int(env.get("DATABASE_PORT", "5432")),
            name=env.get("DATABASE_NAME", "platform"),
            username=env["DATABASE_USERNAME"],
            password=env["DATABASE_PASSWORD"],
            secret_arn=env.get("DATABASE_SECRET_ARN"),
            # One connection for each thread that could ask at once.
            connections=int(env.get("THREADS", "4")),
        )


@dataclass(frozen=True)
class RedisSettings:
    host: str
    port: int
    tls: bool
    username: str | None
    password: str | None

    @staticmethod
    def of(env: Env = os.environ) -> "RedisSettings":
        needed(env, "REDIS_HOST")
        return RedisSettings(
            host=env["REDIS_HOST"],
            port=int(env.get("REDIS_PORT", "6379")),
            tls=env.get("REDIS_TLS") == "true",
            username=env.get("REDIS_USERNAME") or None,
            password=env.get("REDIS_PASSWORD") or None,
        )


def needed(env: Env, *names: str) -> None:
    """Fail at start, with the names, and not at the first request."""
    missing = [name for name in names if not env.get(name)]
    if missing:
        raise RuntimeError(f"{', '.join(missing)} must be set; `connectTo` does it")
