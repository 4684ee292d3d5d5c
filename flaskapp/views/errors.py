"""Exceptions to statuses: JSON for machines, a page for people."""

from __future__ import annotations

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, Unauthorized

from flaskapp.views.own_path import here

MACHINES = ("webhooks", "api", "events", "healthz", "readyz", "metrics", "posters")
"""The first part of an address that no person reads."""
PARTS = ("board", "away")
"""What only scripts of a page ask for."""
TITLES = {
    400: "Please try again",
    401: "Sign in first",
    403: "Not for you",
    404: "Not on this board",
    410: "Taken off the board",
    429: "A little too often",
    500: "Something broke here",
    503: "Not ready yet",
}
NOWHERE = "There is nothing at this address. Perhaps a letter is missing; all that is on its way is on the board."
"""For people who went where no page of ours is; every other answer says itself what is the matter."""


def register(app: Flask) -> None:
    """Let the app answer every exception in one voice."""
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(Exception, _fail)


def _answer(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    headers = [pair for pair in error.get_headers() if pair[0].lower() not in ("content-type", "content-length")]
    if not _is_for_a_person(code):
        return {"error": error.description}, code, headers
    if isinstance(error, Unauthorized) and request.method == "GET":
        return redirect(url_for("sign_in.show", next=here(), _external=False), code=303)
    title = TITLES.get(code, error.name)
    is_nowhere = code == NotFound.code and error.description == NotFound.description
    sentence = NOWHERE if is_nowhere else error.description
    return render_template("errors/error.html", code=code, title=title, sentence=sentence), code, headers


def _is_for_a_person(code: int) -> bool:
    """Tell whether somebody looks at the answer; scripts of a page ask for anything and not for HTML."""
    first = request.path.lower().split("/")[1]
    if code == Unauthorized.code:
        return first not in (*MACHINES, *PARTS) and "text/html" in request.headers.get("Accept", "")
    return first not in MACHINES


def _fail(error: Exception) -> ResponseReturnValue:
    # The rule and not the address, which may hold the word of a private link.
    current_app.logger.error("Unhandled error on %s", request.url_rule, exc_info=error)
    g.viewer = None  # who asks is a question to the database, which may be what failed
    return _answer(InternalServerError("The server failed to answer. Its log says why."))
