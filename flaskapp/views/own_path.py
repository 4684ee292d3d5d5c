"""Where to go on after a sign-in: a page of this board and nowhere else, whatever an address says."""

from __future__ import annotations

import re

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

PLAIN = re.compile(r"/(?!/)[!-\[\]-~]*")
"""A browser takes ``//`` and ``/\\`` for another host, and leaves control characters out before it looks."""


def own_path(wanted: str | None) -> str:
    """Give ``wanted`` if it is the path of one of our pages as a browser sees it, else that of the board."""
    home = url_for("board.index", _external=False)
    if wanted is None or not PLAIN.fullmatch(wanted):
        return home
    base = request.script_root
    path = wanted.partition("?")[0]
    if not path.startswith(f"{base}/"):
        return home
    try:
        endpoint, _ = current_app.url_map.bind("localhost").match(path.removeprefix(base), method="GET")
    except HTTPException:
        return home
    return home if endpoint == "static" else wanted


def here() -> str:
    """Give the path of the page at hand, to come back to."""
    query = request.query_string.decode("ascii", "ignore")
    return f"{request.script_root}{request.path}" + (f"?{query}" if query else "")
