"""The job at night: asks the worker how it is, over the internal load balancer, and leaves work in the queue."""

import json
import os
import sys
import urllib.request

from items import log
from items.settings import needed
from items.work_queue import WorkQueue

TIMEOUT_SECONDS = 10


def main(env=os.environ, queue: WorkQueue | None = None, fetch=urllib.request.urlopen) -> int:
    """The exit code: a job that fails is seen by the alarm of its dead-letter queue and in its logs."""
    logger = log.install(env.get("LOG_LEVEL", "info"))
    needed(env, "WORKER_URL", "WORK_URL")
    try:
        request = urllib.request.Request(f"{env['WORKER_URL']}/", headers={"User-Agent": "items-scheduler"})
        with fetch(request, timeout=TIMEOUT_SECONDS) as answer:
            status = json.load(answer)
        (queue or WorkQueue(env["WORK_URL"])).send({"tidy": True})
    except Exception:
        logger.exception("the job failed")
        return 1
    logger.info("the job is done", extra={"worker": status["worker"], "handled": status["handled"]})
    return 0


if __name__ == "__main__":
    sys.exit(main())
