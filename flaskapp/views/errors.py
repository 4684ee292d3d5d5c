"""Exceptions to statuses: JSON for machines, a page for people."""

from __future__ import annotations

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError

MACHINES = ("webhooks", "api", "events", "healthz", "readyz", "metrics", "posters")
"""The first part of an address that no person reads."""
TITLES = {
    400: "Please try again",
    404: "Not on this board",
    410: "Taken off the board",
    500: "Something broke here",
    503: "Not ready yet",
}


def register(app: Flask) -> None:
    """Let the app answer every exception in one voice."""
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(Exception, _fail)


def _answer(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    headers = [pair for pair in error.get_headers() if pair[0].lower() not in ("content-type", "content-length")]
    if request.path.lower().split("/")[1] in MACHINES:
        return {"error": error.description}, code, headers
    title = TITLES.get(code, error.name)
    return render_template("errors/error.html", code=code, title=title, sentence=error.description), code, headers


def _fail(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("Unhandled error on %s", request.path, exc_info=error)
    return _answer(InternalServerError("The server failed to answer. Its log says why."))
