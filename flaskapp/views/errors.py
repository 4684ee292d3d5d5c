"""Exceptions to statuses: JSON for machines, a page for people."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError, Unauthorized

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
    405: "Not this way",
    410: "Taken off the board",
    413: "Too much at once",
    429: "A little too often",
    500: "Something broke here",
    503: "Not ready yet",
}
SENTENCES = {
    400: "A part of what was sent is missing or not readable. Go back, load the page anew and send it again.",
    404: "There is nothing at this address. Perhaps a letter is missing; all that is on its way is on the board.",
    405: "This address shows nothing, it only takes what a form sends. Go back to the board and begin again there.",
    413: "That is more than this board takes at once. Send less.",
}
"""For people, where an answer does not say itself what is the matter."""
PASSING = (429, 500, 503)
"""It may go well a moment later."""


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
    return page(error), code, headers


def page(error: HTTPException, titles: Mapping[int, str] = TITLES, frame: str = "base.html") -> str:
    """Say to a person what is the matter; another ``frame`` than the board's has no way there."""
    code = error.code or 500
    says_nothing = error.description == type(error).description
    return render_template(
        "errors/error.html",
        frame=frame,
        code=code,
        title=titles.get(code, error.name),
        sentence=SENTENCES.get(code, error.description) if says_nothing else error.description,
        passes=code in PASSING and request.method == "GET",
    )


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
    return _answer(InternalServerError("The server failed to answer; perhaps it can in a moment. Its log says why."))
