"""The app, and another in its place whenever a test begins: to start gunicorn costs more than most tests do."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask

from flaskapp import create_app
from flaskapp.config import Settings
from flaskapp.kept_secrets import with_secrets


class Renewed:
    """Serves one app after the other; ``POST /anew`` with settings brings the next."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._app = made(environ)

    @property
    def extensions(self) -> dict[str, Any]:
        """What gunicorn.conf.py starts and stops."""
        return self._app.extensions

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer."""
        if environ["PATH_INFO"] != "/anew":
            return self._app(environ, start_response)
        before, self._app = self._app, made(json.load(environ["wsgi.input"]))
        before.extensions["hub"].close("stopping")
        before.extensions["background"].stop()
        self._app.extensions["background"].start()
        start_response("204 No Content", [("Connection", "close")])
        return []


def made(environ: Mapping[str, str]) -> Flask:
    return create_app(with_secrets(Settings.from_environ(environ)))


app = Renewed(os.environ)
