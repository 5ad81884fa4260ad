"""How gunicorn serves the API; everything that differs between places comes by environment."""

import os

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8080')}"

# Half a vCPU: a second process keeps answering while the first one waits for the interpreter, threads wait for Redis and PostgreSQL.
workers = int(os.environ.get("WORKERS", "2"))
threads = int(os.environ.get("THREADS", "4"))
worker_class = "gthread"

# The heartbeat file in memory: the root file system is read-only, and a slow disk must not look like a hung worker.
if os.path.isdir("/dev/shm"):
    worker_tmp_dir = "/dev/shm"
# gunicorn's control socket would need a writable home.
control_socket_disable = True

# Requests end before the load balancer gives up after 60 s, and connections that wait are closed by it, never by us.
timeout = 30
keepalive = 75
# ECS sends SIGKILL 30 s after SIGTERM.
graceful_timeout = 25

# The app writes one JSON line for each request; gunicorn's own lines go the same way.
accesslog = None
errorlog = "-"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "items.log.JsonFormatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
    "root": {"level": "INFO", "handlers": ["stdout"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["stdout"], "propagate": False},
        # The pool logs each failed attempt to connect; the app says what came of it.
        "psycopg.pool": {"level": "ERROR", "handlers": ["stdout"], "propagate": False},
    },
}
