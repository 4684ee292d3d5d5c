"""Addresses as people type them: under a base path or not, with one slash or more; never a redirect."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.routing import IntegerConverter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class RowId(IntegerConverter):
    """The id of a row in an address. A longer number is nobody's, and SQLite could not even be asked for it."""

    regex = "[0-9]{1,18}"


class OnePath:
    """Collapse doubled slashes and take the base path off, whether or not the proxy already did."""

    def __init__(self, app: WSGIApplication, base_path: str) -> None:
        self._app, self._base_path = app, base_path

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand the request on under its one path."""
        path = re.sub("/{2,}", "/", environ.get("PATH_INFO", "")) or "/"
        base = self._base_path
        if base and (path == base or path.startswith(f"{base}/")):
            path = path[len(base) :] or "/"
        environ["PATH_INFO"], environ["SCRIPT_NAME"] = path, base
        return self._app(environ, start_response)
