"""Who comes too often is asked to wait: strangers soon, people hardly ever, programs with a valid key never."""

from __future__ import annotations

from flask import Flask, current_app, request
from limits import RateLimitItem
from werkzeug.exceptions import TooManyRequests

from flaskapp.access.network import network
from flaskapp.access.rates import PEOPLE, STRANGERS, Rates
from flaskapp.views.door import For, viewer, whom_for

FREE = ("static", "assets.styles", "health.alive")
"""What costs next to nothing, and what a supervisor asks."""
BY_THEMSELVES = (For.SERVICES, For.GUESTS)
"""These are counted where it is known whether what they show is valid."""


def register(app: Flask) -> None:
    """Count calls before anything else is done for them."""
    app.before_request(_count)


def slow_down(rate: RateLimitItem, *who: str) -> None:
    """Count a call from the address at hand; raise when there were too many."""
    rates: Rates = current_app.extensions["rates"]
    seconds = rates.wait(rate, network(request.remote_addr), *who)
    if seconds:
        raise TooManyRequests("That was too often within a minute. Wait a little, then go on.", retry_after=seconds)


def _count() -> None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in FREE or whom_for(current_app, endpoint) in BY_THEMSELVES:
        return
    found = viewer()
    if found is None:
        slow_down(STRANGERS)
    elif found.user_id is not None:
        slow_down(PEOPLE, str(found.user_id))
