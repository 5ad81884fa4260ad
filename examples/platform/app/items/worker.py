"""The worker: takes one message at a time, and answers inside the network whether it is well."""

import json
import logging
import os
import signal
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from items import log
from items.database import Database, StoreUnavailable
from items.parameters import Operators
from items.settings import DatabaseSettings, needed
from items.store import ItemStore
from items.work_queue import Message, WorkQueue

PAUSE_SECONDS = 2.0


class Worker:
    def __init__(self, queue: WorkQueue, store: ItemStore, operators: Operators, name: str):
        self._queue, self._store, self._operators = queue, store, operators
        self._name = name
        self._logger = logging.getLogger(log.LOGGER)
        self._stopping = threading.Event()
        self.handled = 0

    def run(self) -> None:
        while not self._stopping.is_set():
            log.set_level(self._operators.log_level)
            try:
                self.step()
            except Exception:
                # The queue or its network is away; a restart of this task would not bring it back.
                self._logger.exception("no message can be received")
                self._stopping.wait(PAUSE_SECONDS)

    def step(self) -> None:
        """One message, or none after the wait of the queue."""
        message = self._queue.receive()
        if message is None:
            return
        if self._stopping.is_set():
            return self._queue.give_back(message)
        self._handle(message)

    def stop(self) -> None:
        """The message in hand is finished; one that still arrives is for another worker."""
        self._stopping.set()

    def status(self) -> dict:
        return {"status": "ok", "worker": self._name, "handled": self.handled}

    def _handle(self, message: Message) -> None:
        try:
            if message.body.get("tidy"):
                self._logger.info("tidied", extra={"removed": self._store.tidy()})
            else:
                self._work(message.body["item"])
        except StoreUnavailable:
            return  # comes again after the visibility timeout
        except Exception:
            # After five receives SQS puts it into the dead-letter queue, where an alarm sees it.
            self._logger.exception("a message cannot be handled", extra={"receives": message.receives})
            return self._queue.give_back(message)
        self.handled += 1
        self._queue.delete(message)

    def _work(self, item_id: str) -> None:
        item = self._store.find(item_id)
        if item is None:
            raise LookupError(f"there is no item {item_id}")
        finished = self._store.finish(item_id, len(item.text.split()), self._name)
        self._logger.info("item done" if finished else "item was done already", extra={"item": item_id})
        self._logger.debug("text", extra={"item": item_id, "characters": len(item.text)})


def health_server(worker: Worker, address: tuple[str, int]) -> ThreadingHTTPServer:
    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(worker.status()).encode()
            self.send_response(200 if self.path in ("/", "/health") else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args) -> None:
            """Health checks are no news."""

    return ThreadingHTTPServer(address, Health)


def main(env=os.environ) -> None:
    log.install(env.get("LOG_LEVEL", "info"))
    needed(env, "QUEUE_URL", "SETTINGS_PATH", "FLAGS_PATH")
    store = ItemStore(Database(DatabaseSettings.of(env)))
    queue = WorkQueue(env["QUEUE_URL"], wait_seconds=int(env.get("RECEIVE_SECONDS", "20")))
    worker = Worker(queue, store, Operators(env), socket.gethostname())
    server = health_server(worker, (env.get("HOST", "0.0.0.0"), int(env.get("PORT", "8080"))))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    # A wait for messages that SIGTERM finds open is waited for, 20 seconds at most: SQS may have handed one out already.
    worker.run()
    logging.getLogger(log.LOGGER).info("stopped", extra={"handled": worker.handled})


if __name__ == "__main__":
    main()
