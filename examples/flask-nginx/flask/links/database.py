"""A pool of PostgreSQL connections that follows the rotation of its password."""

import json
import logging
import threading

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from links.errors import StoreUnavailable
from links.log import timed
from links.settings import DatabaseSettings

CONNECT_SECONDS = 3
WAIT_SECONDS = 4
STATEMENT_MS = 5000
# Any number, the same in every task: one of them creates the table while the others wait.
SCHEMA_LOCK = 5_000_001
SCHEMA = """
CREATE TABLE IF NOT EXISTS links (
  code text PRIMARY KEY,
  url text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS links_by_age ON links (created_at DESC);
"""


class Credentials:
    """User and password: those the task started with, until the database refuses them; then what Secrets Manager has."""

    def __init__(self, settings: DatabaseSettings, read_secret=None):
        self._settings = settings
        self._current = (settings.username, settings.password)
        self._read_secret = read_secret or _read_secret

    def parameters(self) -> dict[str, str]:
        user, password = self._current
        return {"user": user, "password": password}

    def renew(self) -> None:
        if not self._settings.secret_arn:
            return
        try:
            secret = json.loads(self._read_secret(self._settings.secret_arn))
            self._current = (secret["username"], secret["password"])
        except Exception as error:  # whatever it is, the next attempt reads again
            logging.getLogger("links").error("the database's secret cannot be read", extra={"reason": str(error)})


class Database:
    def __init__(self, settings: DatabaseSettings, credentials: Credentials | None = None):
        self._credentials = credentials or Credentials(settings)
        self._schema = threading.Lock()
        self._ready = False
        fixed = {
            "host": settings.host,
            "port": settings.port,
            "dbname": settings.name,
            # With the authorities that PGSSLROOTCERT of the image names.
            "sslmode": "verify-full",
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "links",
            "options": f"-c statement_timeout={STATEMENT_MS}",
            "autocommit": True,
        }
        self._pool = ConnectionPool(
            connection_class=_renewing(self._credentials),
            kwargs=lambda: {**fixed, **self._credentials.parameters()},
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
        with timed("db"):
            try:
                self._ensure_schema()
                with self._pool.connection() as connection:
                    cursor = connection.execute(sql, parameters)
                    return cursor.fetchall() if cursor.description else []
            except (PoolTimeout, psycopg.OperationalError) as error:
                logging.getLogger("links").error("the database cannot be used", extra={"reason": str(error)})
                raise StoreUnavailable from error

    def _ensure_schema(self) -> None:
        """With the first statement, not at start: the app starts and answers from Redis while the database is away."""
        if self._ready:
            return
        with self._schema:
            if self._ready:
                return
            with self._pool.connection() as connection, connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (SCHEMA_LOCK,))
                connection.execute(SCHEMA)
            self._ready = True


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

    return boto3.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
