"""People who are signed in, each with a browser of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from flaskapp.access.browser_sessions import open_session
from flaskapp.access.password import hash_password
from flaskapp.domain.provider import Provider
from flaskapp.extensions import writing
from flaskapp.models import User
from flaskapp.models.revision import touch
from flaskapp.views.door import SHOWN

PASSWORD = "correct horse battery"


def add_user(app: Flask, name: str, **columns: Any) -> int:
    """Let somebody have an account; gives its number."""
    values = {"provider": Provider.LOCAL, "subject": name.casefold(), "created_at": datetime.now(UTC)}
    with app.app_context(), writing() as session:
        user = User(name=name, **(values | columns))
        session.add(user)
        touch(session)
        session.flush()
        return user.id


def browser_of(app: Flask, user_id: int) -> FlaskClient:
    """Give a browser in which somebody is signed in."""
    with app.app_context(), writing() as session:
        token = open_session(session, session.get_one(User, user_id), datetime.now(UTC), "192.0.2.1", "a browser")
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[SHOWN] = token
    return client


def add_person(app: Flask, name: str, **columns: Any) -> int:
    """Let somebody have an account with ``PASSWORD``; gives its number."""
    return add_user(app, name, **({"password_hash": hash_password(PASSWORD)} | columns))
