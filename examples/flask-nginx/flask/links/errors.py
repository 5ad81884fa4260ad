"""Every answer that is not the wanted one is JSON: `{"error": {"code": ..., "message": ...}}`."""

import logging

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

RETRY_AFTER_SECONDS = 2


class ApiError(Exception):
    def __init__(self, status: int, code: str, message: str):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class StoreUnavailable(ApiError):
    def __init__(self):
        super().__init__(503, "unavailable", "The database cannot be reached right now; please try again.")


def answer(status: int, code: str, message: str) -> Response:
    response = jsonify(error={"code": code, "message": message})
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def install(app: Flask) -> None:
    @app.errorhandler(ApiError)
    def known(error: ApiError) -> Response:
        return answer(error.status, error.code, error.message)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        return answer(error.code or 500, error.name.lower().replace(" ", "_"), error.description or error.name)

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        logging.getLogger("links").exception("unexpected error")
        return answer(500, "internal", "Something went wrong.")
