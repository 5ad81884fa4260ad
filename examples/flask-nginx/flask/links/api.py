"""The routes. What they answer is in the README of the example."""

from flask import Blueprint, Response, current_app, jsonify, redirect, request, url_for

from links.errors import ApiError
from links.link import Link, checked_code, checked_url
from links.store import LinkStore

routes = Blueprint("links", __name__)
MOST_LINKS = 100


def store() -> LinkStore:
    return current_app.extensions["links"]


@routes.get("/health")
def health() -> Response:
    """Whether this process answers. Redis and the database are not asked: no restart of this task would mend them."""
    return jsonify(status="ok")


@routes.post("/api/links")
def create() -> tuple[Response, int, dict[str, str]]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(400, "bad_json", "The body must be a JSON object such as {\"url\": \"https://example.com\"}.")
    code = checked_code(body["code"]) if body.get("code") is not None else None
    link = store().add(checked_url(body.get("url")), code)
    return jsonify(_shown(link)), 201, {"Location": url_for("links.read", code=link.code)}


@routes.get("/api/links")
def newest() -> Response:
    limit = request.args.get("limit", "20")
    if not limit.isdigit() or not 1 <= int(limit) <= MOST_LINKS:
        raise ApiError(422, "bad_limit", f"`limit` must be a number from 1 to {MOST_LINKS}.")
    return jsonify(links=[_shown(link) for link in store().newest(int(limit))])


@routes.get("/api/links/<code>")
def read(code: str) -> Response:
    link, how = _found(code)
    response = jsonify(_shown(link))
    response.headers["X-Cache"] = how
    return response


@routes.delete("/api/links/<code>")
def remove(code: str) -> tuple[str, int]:
    if not store().remove(checked_code(code)):
        raise ApiError(404, "not_found", f"There is no link {code}.")
    return "", 204


@routes.get("/l/<code>")
def follow(code: str) -> Response:
    link, how = _found(code)
    response = redirect(link.url, 302)
    # Deleted links must stop working: browsers may not keep the way.
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Cache"] = how
    return response


def _found(code: str) -> tuple[Link, str]:
    link, how = store().find(checked_code(code))
    if link is None:
        raise ApiError(404, "not_found", f"There is no link {code}.")
    return link, how


def _shown(link: Link) -> dict[str, str]:
    return {**link.as_json(), "shortUrl": url_for("links.follow", code=link.code, _external=True)}
