"""A new token for a service that is about to get it, which counts from the first moment on: it calls us at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from flaskapp.access.webhook_tokens import make_token, take_back, was_shown
from flaskapp.clients.http import ClientError
from flaskapp.extensions import db, writing
from flaskapp.upstreams import Upstream


@contextmanager
def fresh_token(upstream: Upstream) -> Iterator[str]:
    """Give a token of this instance; it is taken back, and the older ones stay, if handing it over fails.

    No transaction is open inside: the service calls us while our question to it waits, and that call is written down.
    """
    db.session.rollback()  # what the page has read so far would keep a transaction of its own open
    with writing() as session:
        token = make_token(session, upstream.source, upstream.instance, datetime.now(UTC))
    try:
        yield token
    except BaseException:
        with writing() as session:
            take_back(session, token)
        raise


def expect_a_call(token: str, name: str) -> None:
    """Refuse a success that is none: who was called did not show the token here."""
    with Session(db.engine) as session:
        if not was_shown(session, token):
            raise ClientError(
                f"{name} says that its test went well, but it did not arrive here. Something in between answers for "
                "us, perhaps with a redirect: enter the address that leads straight to Arrivarr."
            )
