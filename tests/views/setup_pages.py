"""What tests read on the pages where services are connected."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from flaskapp.upstreams import Upstream


def text(html: str) -> str:
    """Read what people read."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&#39;", "'").split())


def save(app: Flask, *known: Upstream) -> None:
    """Let services be connected already."""
    with app.app_context():
        for each in known:
            app.extensions["upstreams"].save(each)


def step(page: str, source: str) -> str:
    """Find what the list says of one kind of service."""
    (found,) = re.findall(rf'<li class="step" data-step="{source}".*?(?=<li class="step" |</ol>)', page, re.DOTALL)
    return str(found)


def field(page: str, name: str) -> str:
    """Read what stands in a field."""
    (found,) = re.findall(rf'<input [^>]*name="{name}" value="([^"]*)"', page)
    return str(found)


def next_step(page: str) -> str | None:
    """Read which service is offered next."""
    found = re.search(r'data-step="(\w+)" data-is-next', page)
    return found and found[1]


def state(client: FlaskClient, source: str, instance: str = "") -> tuple[str, str]:
    """Read how the lamp of a service burns on the list, and what stands beside it."""
    place = f'data-service="{source}/{instance or source}" data-lamp="(\\w+)">.*?<span>(.*?)</span>'
    found = re.search(place, client.get("/setup").text, re.DOTALL)
    assert found is not None
    return found[1], text(found[2]).removeprefix("Radarr . ")
