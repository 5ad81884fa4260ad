"""The recipes of docs/clients.md, run with the variables that a container gets. Prints one JSON line."""

import json
import os
import sys


# recipe: redis-py
import redis


def redis_client() -> redis.Redis:
    env = os.environ
    kind = redis.RedisCluster if env.get("REDIS_CLUSTER_MODE") == "true" else redis.Redis
    return kind(
        host=env["REDIS_HOST"],
        port=int(env["REDIS_PORT"]),
        username=env.get("REDIS_USERNAME"),
        password=env.get("REDIS_PASSWORD"),
        ssl=env["REDIS_TLS"] == "true",  # verifies the certificate and the name, with the authorities of the system
    )


# recipe end
# recipe: Celery
import ssl
from urllib.parse import quote

from celery import Celery


def celery_app() -> Celery:
    env = os.environ
    login = f"{quote(env.get('REDIS_USERNAME', ''))}:{quote(env.get('REDIS_PASSWORD', ''), safe='')}"
    url = env["REDIS_URL"].replace("://", f"://{login}@" if env.get("REDIS_PASSWORD") else "://", 1) + "/0"
    app = Celery("worker", broker=url, backend=url)
    if env["REDIS_TLS"] == "true":
        # Without them, Celery refuses the backend's URL, and does not verify the broker.
        app.conf.broker_use_ssl = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
        app.conf.redis_backend_use_ssl = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    return app


# recipe end
# recipe: psycopg
import psycopg


def database() -> psycopg.Connection:
    env = os.environ
    return psycopg.connect(
        host=env["DATABASE_HOST"],
        port=env["DATABASE_PORT"],
        dbname=env["DATABASE_NAME"],
        user=env["DATABASE_USERNAME"],
        password=env["DATABASE_PASSWORD"],
        sslmode="verify-full",
        sslrootcert=env["PGSSLROOTCERT"],  # which libpq would read by itself, too
    )


# recipe end


def run_redis() -> object:
    client = redis_client()
    client.set("greeting", "hello")
    return client.get("greeting").decode()


def run_celery() -> object:
    from celery.contrib.testing.worker import start_worker

    app = celery_app()
    app.conf.update(worker_hijack_root_logger=False, broker_connection_retry_on_startup=False, broker_connection_max_retries=0)
    # The worker tries for ever to reach a broker that it does not trust, and hangs on a cluster: ask once before it starts.
    with app.connection() as connection:
        connection.ensure_connection(max_retries=1, timeout=3)
        connection.default_channel.queue_declare(queue="celery")

    @app.task(name="add")
    def add(a: int, b: int) -> int:
        return a + b

    with start_worker(app, perform_ping_check=False, pool="solo"):
        return add.delay(2, 3).get(timeout=15)


def run_database() -> object:
    with database() as connection:
        return connection.execute("SELECT 1").fetchone()[0]


try:
    answer = {"redis": run_redis, "celery": run_celery, "database": run_database}[sys.argv[1]]()
except Exception as error:  # a test reads what the client says
    answer = {"error": f"{type(error).__name__}: {error}"}
print(json.dumps(answer), flush=True)
os._exit(0)  # the worker's threads do not matter
