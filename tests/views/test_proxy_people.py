"""People whom a trusted proxy names, at every call anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from flaskapp.config import Settings
from flaskapp.extensions import db, writing
from flaskapp.live.hub import Hub
from flaskapp.models import User
from tests.people import add_user, browser_of

PROXY = "10.0.0.1"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, auth="proxy", trusted_proxies="10.0.0.0/8", read_key="a-key-for-programs")


def call(app: Flask, address: str = "/api/requests", peer: str = PROXY, **names: str) -> TestResponse:
    headers = {f"Remote-{name}": value for name, value in names.items()}
    return app.test_client().get(address, headers=headers, environ_overrides={"REMOTE_ADDR": peer})


def users(app: Flask) -> list[tuple[str, str | None, bool]]:
    with app.app_context(), Session(db.engine) as session:
        return [(user.name, user.email, user.is_admin) for user in session.scalars(select(User).order_by(User.id))]


def test_whom_the_proxy_names_is_let_in_and_known_from_then_on(app: Flask) -> None:
    assert call(app, User="ada", Email="Ada@Example.org").status_code == 200
    assert call(app, User="ada", Email="ada@example.org").status_code == 200
    assert call(app, User="Zoë".encode().decode("latin-1")).status_code == 200

    assert users(app) == [("ada", "ada@example.org", False), ("Zoë", None, False)]


@pytest.mark.parametrize("names", [{}, {"User": ""}, {"User": "  "}, {"User": "eve,ada"}, {"Email": "ada@example.org"}])
def test_without_one_name_nobody_is_let_in(app: Flask, names: dict[str, str]) -> None:
    assert call(app, **names).status_code == 401
    assert users(app) == []


@pytest.mark.parametrize("peer", ["192.0.2.7", "127.0.0.1", "::1", "11.0.0.1"])
@pytest.mark.parametrize("address", ["/api/requests", "/events", "/services"])
def test_from_elsewhere_a_name_counts_for_nothing(app: Flask, peer: str, address: str) -> None:
    assert call(app, address, peer, User="ada", Groups="admins").status_code == 401
    assert users(app) == []


def test_a_forwarded_address_makes_nobody_a_proxy(app: Flask) -> None:
    headers = {"Remote-User": "ada", "X-Forwarded-For": PROXY, "X-Real-Ip": PROXY, "Forwarded": f"for={PROXY}"}
    answer = app.test_client().get("/events", headers=headers, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})

    assert answer.status_code == 401


def test_the_group_of_admins_is_asked_for_at_every_call(settings: Settings, app: Flask) -> None:
    app.extensions["settings"] = replace(settings, admin_group="house admins")

    assert call(app, "/services", User="ada", Groups="people").status_code == 403
    assert call(app, "/services", User="ada", Groups="people, house admins").status_code == 200
    assert call(app, "/services", User="ada", Groups="house admins2").status_code == 403
    assert call(app, "/services", User="ada").status_code == 403


def test_without_a_group_admins_are_made_here(app: Flask) -> None:
    call(app, User="ada")
    with app.app_context(), writing() as session:
        session.execute(update(User).values(is_admin=True))

    assert call(app, "/services", User="ada", Groups="people").status_code == 200


def test_who_is_barred_is_not_let_in(app: Flask) -> None:
    call(app, User="ada")
    with app.app_context(), writing() as session:
        session.execute(update(User).values(barred_at=datetime.now(UTC)))

    assert call(app, User="ada").status_code == 401


def test_no_cookie_counts_beside_the_word_of_the_proxy(app: Flask) -> None:
    browser = browser_of(app, add_user(app, "Eve", is_admin=True))

    assert browser.get("/services", environ_overrides={"REMOTE_ADDR": PROXY}).status_code == 401


def test_programs_still_show_their_key(app: Flask) -> None:
    answer = app.test_client().get("/api/requests", headers={"X-Api-Key": "a-key-for-programs"})

    assert answer.status_code == 200


def test_a_stream_belongs_to_whom_the_proxy_named_and_ends_when_they_are_barred(app: Flask) -> None:
    answer: Any = call(app, "/events", User="ada")
    hub: Hub = app.extensions["hub"]
    stream = iter(answer.response)
    next(stream)
    assert [viewer.name for viewer in hub.viewers()] == ["ada"]

    with app.app_context():
        with writing() as session:
            session.execute(update(User).values(barred_at=datetime.now(UTC)))
        app.extensions["open_streams"].check(datetime.now(UTC))

    assert b"signed out" in b"".join(stream)
    answer.close()
