"""The API behind the public load balancer."""

import logging
import os
import time
import uuid

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from items import log
from items.cache import ItemCache
from items.database import Database, StoreUnavailable
from items.parameters import Operators
from items.settings import DatabaseSettings, RedisSettings, needed
from items.store import ItemStore
from items.work_queue import WorkQueue

MAX_BODY_BYTES = 16 * 1024
MAX_TEXT = 2000
MOST_ITEMS = 10
ADDRESSES = {
    "POST /items": "keeps an item and sends it to a worker, which counts its words",
    "GET /items/<id>": "the item, queued or done",
    "POST /items/bulk": f"up to {MOST_ITEMS} items at once, while an operator allows it",
    "GET /health": "whether this process answers",
}


def create_app(store=None, cache=None, queue=None, operators=None, env=os.environ) -> Flask:
    """The app with its parts; tests hand in parts of their own."""
    if queue is None:
        needed(env, "WORK_URL", "SETTINGS_PATH", "FLAGS_PATH")
    store = store or ItemStore(Database(DatabaseSettings.of(env)))
    cache = cache or ItemCache(RedisSettings.of(env))
    queue = queue or WorkQueue(env["WORK_URL"])
    operators = operators or Operators(env)
    app = Flask("items", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.sort_keys = False
    # One proxy in front: the load balancer.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)
    _log_requests(app, operators)
    _answer_errors(app)

    @app.get("/")
    def first_page() -> Response:
        """What a person sees who opens the address."""
        return jsonify(addresses=ADDRESSES)

    @app.get("/health")
    def health() -> Response:
        """Whether this process answers. Redis, queue and database are not asked: no restart of this task would mend them."""
        return jsonify(status="ok")

    @app.post("/items")
    def create() -> tuple[Response, int, dict[str, str]]:
        item = store.add(_text(request.get_json(silent=True)))
        # After the row: a worker may have the message before this line has returned.
        queue.send({"item": item.id})
        return jsonify(item.as_json()), 202, {"Location": f"/items/{item.id}"}

    @app.post("/items/bulk")
    def create_many() -> tuple[Response, int]:
        if not operators.bulk_import:
            return jsonify(error="bulk import is off"), 403
        body = request.get_json(silent=True)
        if not isinstance(body, list) or not 1 <= len(body) <= MOST_ITEMS:
            return jsonify(error=f"the body must be a list of 1 to {MOST_ITEMS} items"), 422
        items = [store.add(text) for text in [_text(each) for each in body]]
        queue.send_items([item.id for item in items])
        return jsonify(items=[item.as_json() for item in items]), 202

    @app.get("/items/<uuid:item_id>")
    def read(item_id: uuid.UUID) -> tuple[Response, int, dict[str, str]]:
        found = cache.get(str(item_id))
        if found:
            return jsonify(found.as_json()), 200, {"X-Cache": "HIT"}
        item = store.find(str(item_id))
        if item is None:
            return jsonify(error=f"there is no item {item_id}"), 404, {}
        cache.put(item)
        return jsonify(item.as_json()), 200, {"X-Cache": "MISS"}

    return app


class BadText(Exception):
    """The body is no item."""


def _text(body: object) -> str:
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= MAX_TEXT:
        raise BadText
    return text


def _answer_errors(app: Flask) -> None:
    @app.errorhandler(BadText)
    def bad_text(_error: BadText) -> tuple[Response, int]:
        return jsonify(error=f'an item is {{"text": "..."}} with 1 to {MAX_TEXT} characters'), 422

    @app.errorhandler(StoreUnavailable)
    def unavailable(_error: StoreUnavailable) -> tuple[Response, int, dict[str, str]]:
        return jsonify(error="the database cannot be reached; try again"), 503, {"Retry-After": "5"}

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple[Response, int | None]:
        return jsonify(error=error.description), error.code


def _log_requests(app: Flask, operators: Operators) -> None:
    logger = logging.getLogger(log.LOGGER)

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()
        if request.path != "/health":
            log.set_level(operators.log_level)

    @app.after_request
    def finish(response: Response) -> Response:
        level = logging.DEBUG if request.path == "/health" else logging.INFO
        ms = round((time.perf_counter() - g.started) * 1000, 2)
        extra = {"method": request.method, "path": request.path, "status": response.status_code, "ms": ms}
        logger.log(level, "request", extra=extra)
        return response
