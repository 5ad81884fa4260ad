"""One JSON line for each event, in the level that Parameter Store has."""

import json
import logging
import sys
from datetime import UTC, datetime

LOGGER = "items"
STANDARD = set(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "taskName"}
LEVELS = {"debug", "info", "warning", "error"}


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


def install(level: str) -> logging.Logger:
    """For a program of its own; gunicorn configures the same in its file."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    set_level(level)
    return logging.getLogger(LOGGER)


def set_level(level: str) -> None:
    """An unknown word is left alone: a typing error of an operator must not stop the logs."""
    if level in LEVELS:
        logging.getLogger(LOGGER).setLevel(level.upper())
