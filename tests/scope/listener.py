"""An open stream of an app in this process, read up to now."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import Any

from flask.testing import FlaskClient

from flaskapp.live import sse
from flaskapp.live.batch import Frame
from flaskapp.live.hub import Hub

FRAME = re.compile(r"(?:retry: \d+\n)?(?:id: \w+\.(\d+)\n)?(?:event: (\w+)\n)?data: (.+)\n\n")
_marks = count()


class Listener:
    """Connects at once."""

    def __init__(self, client: FlaskClient, since: str = "") -> None:
        self._hub: Hub = client.application.extensions["hub"]
        self._response = client.get(f"/events?since={since}")
        assert self._response.status_code == 200
        self._pieces = self._response.iter_encoded()
        self.place = 0
        """The number of the newest change it knows of."""
        self.is_over = False
        self.greeting, *self.missed = self.hears()

    def hears(self) -> list[dict[str, Any]]:
        """Give what it was told since it was asked last: all before a mark that everybody gets."""
        mark = {"type": "mark", "number": next(_marks)}
        self._hub.publish([Frame(sse.encode(mark))])
        events: list[dict[str, Any]] = []
        for piece in self._pieces:
            for n, name, data in FRAME.findall(piece.decode()):
                self.place = int(n or self.place)
                event = json.loads(data)
                if event == mark:
                    return events
                if event["type"] != "mark" and name != "heartbeat":
                    events.append(event)
        self.is_over = True
        return events

    def close(self) -> None:
        """Leave."""
        self._response.close()
