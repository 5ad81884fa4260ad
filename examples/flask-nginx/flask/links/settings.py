"""What the environment says, read once. The names are those that the infrastructure's `connectTo` gives."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class DatabaseSettings:
    host: str
    port: int
    name: str
    username: str
    password: str
    secret_arn: str | None
    connections: int


@dataclass(frozen=True)
class RedisSettings:
    host: str
    port: int
    tls: bool
    username: str | None
    password: str | None


@dataclass(frozen=True)
class Settings:
    database: DatabaseSettings
    redis: RedisSettings

    @staticmethod
    def from_environment(env: Mapping[str, str] = os.environ) -> "Settings":
        missing = [name for name in ("DATABASE_HOST", "DATABASE_USERNAME", "DATABASE_PASSWORD", "REDIS_HOST") if not env.get(name)]
        if missing:
            raise RuntimeError(f"{', '.join(missing)} must be set; `connectTo` of the database and of Redis does it")
        return Settings(
            database=DatabaseSettings(
                host=env["DATABASE_HOST"],
                port=int(env.get("DATABASE_PORT", "5432")),
                name=env.get("DATABASE_NAME", "links"),
                username=env["DATABASE_USERNAME"],
                password=env["DATABASE_PASSWORD"],
                secret_arn=env.get("DATABASE_SECRET_ARN"),
                # One connection for each thread that could ask at once.
                connections=int(env.get("THREADS", "4")),
            ),
            redis=RedisSettings(
                host=env["REDIS_HOST"],
                port=int(env.get("REDIS_PORT", "6379")),
                tls=env.get("REDIS_TLS") == "true",
                username=env.get("REDIS_USERNAME") or None,
                password=env.get("REDIS_PASSWORD") or None,
            ),
        )
