"""How a service misbehaves on demand: one switchboard for each, thrown by tests while it serves."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, jsonify, request

MOST_PATIENCE, STEP = 120.0, 0.05
"""Seconds for which a hanging service holds a call at most, and between two looks whether it hangs still."""
PAGES: dict[str, Any] = {"records": [], "Items": [], "results": [], "torrents": {}}
COUNTS = {"totalRecords": 0, "TotalRecordCount": 0, "totalCount": 0, "count": 0}


@dataclass
class Mischief:
    """What is wrong with a service now. All of it off: it is well.

    ``down`` closes the connection without a word and ``hang`` keeps it open; over no socket they can't be felt, so
    that whoever calls without one looks at them first.
    """

    status: int = 0
    """Answer everything with this: 500, 401, or 503 while it starts."""
    down: bool = False
    hang: bool = False
    truncate: bool = False
    """Send half of the JSON, as if it were all."""
    cut: bool = False
    """Send half and hang up."""
    empty: bool = False
    """Send lists and pages with nothing on them."""

    def heal(self) -> None:
        """Be well again."""
        self.status = 0
        self.down = self.hang = self.truncate = self.cut = self.empty = False


def spoil(app: Flask, mischief: Mischief) -> Flask:
    """Let a service misbehave whenever a switch is thrown."""

    def refuse() -> Response | None:
        if mischief.down:
            _hang_up()
        if mischief.hang:
            _wait(mischief)
        return _trouble(mischief.status) if mischief.status else None

    @app.after_request
    def damage(response: Response) -> Response:
        if mischief.empty and response.is_json:
            response.set_data(json.dumps(_emptied(response.get_json())))
        if mischief.truncate or mischief.cut:
            _halve(response, is_admitted=mischief.truncate)
        return response

    # Before the door with the key: a broken service does not ask for one.
    app.before_request_funcs.setdefault(None, []).insert(0, refuse)
    return app


def _hang_up() -> None:
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)


def _wait(mischief: Mischief) -> None:
    deadline = time.monotonic() + MOST_PATIENCE
    while mischief.hang and time.monotonic() < deadline:
        time.sleep(STEP)


def _trouble(status: int) -> Response:
    """Answer as the services do; 401 has no body, and a start has a word of its own."""
    if status == 401:
        return Response(status=status)
    answer = {"errorMessage": "Starting up"} if status == 503 else {"message": "It broke", "description": "Of itself"}
    response = jsonify(answer)
    response.status_code = status
    return response


def _emptied(answer: Any) -> Any:
    if isinstance(answer, list):
        return []
    if not isinstance(answer, dict):
        return answer
    emptied: dict[str, Any] = {name: PAGES.get(name, COUNTS.get(name, value)) for name, value in answer.items()}
    if "pageInfo" in emptied:
        emptied["pageInfo"] = {**emptied["pageInfo"], "results": 0, "pages": 0}
    return emptied


def _halve(response: Response, *, is_admitted: bool) -> None:
    whole = response.get_data()
    response.set_data(whole[: len(whole) // 2])
    if not is_admitted:
        response.headers["Content-Length"] = str(len(whole))
