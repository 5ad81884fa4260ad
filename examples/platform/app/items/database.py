"""A pool of PostgreSQL connections that follows the rotation of its password."""

import json
import logging

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from items.log import LOGGER
from items.settings import DatabaseSettings

CONNECT_SECONDS = 3
WAIT_SECONDS = 4
STATEMENT_MS = 5000


class StoreUnavailable(Exception):
    """PostgreSQL cannot be used right now."""


class Credentials:
    """User and password: those the task started with, until the database refuses them; then what Secrets Manager has."""

    def __init__(self, settings: DatabaseSettings, read_secret=None):
        self._arn = settings.secret_arn
        self._current = {"user": settings.username, "password": settings.password}
        self._read_secret = read_secret or _read_secret

    def parameters(self) -> dict[str, str]:
        return self._current

    def renew(self) -> None:
        if not self._arn:
            return
        try:
            secret = json.loads(self._read_secret(self._arn))
            self._current = {"user": secret["username"], "password": secret["password"]}
        except Exception as error:  # whatever it is, the next attempt reads again
            logging.getLogger(LOGGER).error("the database's secret cannot be read", extra={"reason": str(error)})


class Database:
    def __init__(self, settings: DatabaseSettings, credentials: Credentials | None = None):
        credentials = credentials or Credentials(settings)
        fixed = {
            "host": settings.host,
            "port": settings.port,
            "dbname": settings.name,
            # With the authorities that PGSSLROOTCERT of the image names.
            "sslmode": "verify-full",
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "items",
            "options": f"-c statement_timeout={STATEMENT_MS}",
            "autocommit": True,
        }
        self._pool = ConnectionPool(
            connection_class=_renewing(credentials),
            kwargs=lambda: {**fixed, **credentials.parameters()},
            min_size=1,
            max_size=settings.connections,
            timeout=WAIT_SECONDS,
            # Also bounds how long a connection with an old password lives.
            max_lifetime=1800,
            reconnect_timeout=5,
            check=ConnectionPool.check_connection,
            open=True,
        )

    def query(self, sql: str, parameters: tuple = ()) -> list[tuple]:
        """Rows of one statement, which is its own transaction."""
        try:
            with self._pool.connection() as connection:
                cursor = connection.execute(sql, parameters)
                return cursor.fetchall() if cursor.description else []
        except (PoolTimeout, psycopg.OperationalError) as error:
            logging.getLogger(LOGGER).error("the database cannot be used", extra={"reason": str(error)})
            raise StoreUnavailable from error

    def script(self, lock: int, sql: str) -> None:
        """Statements that one task at a time runs, whichever comes first."""
        try:
            with self._pool.connection() as connection, connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (lock,))
                connection.execute(sql)
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise StoreUnavailable from error


def _renewing(credentials: Credentials) -> type[psycopg.Connection]:
    """A connection class that reads the password again when the server refuses it."""

    class RenewingConnection(psycopg.Connection):
        @classmethod
        def connect(cls, conninfo="", **kwargs):
            try:
                return super().connect(conninfo, **kwargs)
            except psycopg.OperationalError as error:
                if "authentication failed" not in str(error):
                    raise
                credentials.renew()
                return super().connect(conninfo, **{**kwargs, **credentials.parameters()})

    return RenewingConnection


def _read_secret(arn: str) -> str:
    # Rarely needed, and 20 MiB of memory: loaded when it is.
    import boto3

    return boto3.client("secretsmanager", region_name=arn.split(":")[3]).get_secret_value(SecretId=arn)["SecretString"]
