"""What all APIs of the world share at their doors: one at a time, and the world's time on every answer."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import format_datetime
from functools import wraps
from typing import Any

from flask import Flask, Response, request

from demo.world import World

View = Callable[..., Any]


def locked(app: Flask, world: World, *, free: tuple[str, ...] = ()) -> None:
    """Let views look at a world that stands still; those in ``free`` wait for others and must not hold it up."""
    for endpoint, view in app.view_functions.items():
        if endpoint not in free:
            app.view_functions[endpoint] = _locked(view, world)


def _locked(view: View, world: World) -> View:
    @wraps(view)
    def answer(**arguments: Any) -> Any:
        with world.lock:
            return view(**arguments)

    return answer


def dated(app: Flask, world: World) -> Flask:
    """Put the world's time into every answer, and count it.

    Readers take Radarr's and Sonarr's word for what is newer.
    """

    @app.after_request
    def date(response: Response) -> Response:
        world.calls[f"{app.name}{request.path}"] += 1
        response.headers["Date"] = format_datetime(world.clock.now, usegmt=True)
        return response

    return app
