"""One JSON line for each event, and one for each request with where its time went."""

import json
import logging
import time
from contextlib import contextmanager
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

QUIET_PATHS = {"/health"}
STANDARD = set(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in STANDARD},
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


@contextmanager
def timed(part: str):
    """Add the time of a block to a part of this request."""
    started = time.perf_counter()
    try:
        yield
    finally:
        if has_request_context():
            timings = g.setdefault("timings", {})
            timings[part] = timings.get(part, 0.0) + (time.perf_counter() - started) * 1000


def install(app: Flask) -> None:
    logger = logging.getLogger("links.request")

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        timings = {**g.get("timings", {}), "app": (time.perf_counter() - g.started) * 1000}
        response.headers["Server-Timing"] = ", ".join(f"{part};dur={ms:.2f}" for part, ms in timings.items())
        if request.path not in QUIET_PATHS or response.status_code >= 400:
            logger.info(
                "request",
                extra={
                    "method": request.method,
                    "path": request.path,
                    "status": response.status_code,
                    "client": request.remote_addr,
                    "requestId": request.headers.get("X-Request-Id"),
                    "ms": {part: round(ms, 2) for part, ms in timings.items()},
                },
            )
        return response
