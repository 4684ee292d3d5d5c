"""Whoever a provider vouches for has one account, which is as the provider says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from flaskapp.access.accounts import LONGEST, Identity, account_of
from flaskapp.domain.provider import Provider
from flaskapp.extensions import db, writing
from flaskapp.models import User
from flaskapp.models.revision import read_revision

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
ADA = Identity(Provider.JELLYFIN, "a" * 32, "Ada", is_admin=False)


def account(app: Flask, identity: Identity, now: datetime = NOON) -> User | None:
    with app.app_context():
        user_id = account_of(identity, now)
        with Session(db.engine) as session:
            return None if user_id is None else session.get(User, user_id)


def revision(app: Flask) -> int:
    with app.app_context(), Session(db.engine) as session:
        return read_revision(session)


def test_the_first_time_an_account_is_made(app: Flask) -> None:
    user = account(app, Identity(Provider.OIDC, "https://id.example 7", "Ada", " Ada@Example.org "))

    assert user is not None
    assert (user.name, user.email, user.is_admin, user.created_at) == ("Ada", "ada@example.org", False, NOON)


def test_later_it_is_found_whatever_the_name(app: Flask) -> None:
    first = account(app, ADA)
    again = account(app, Identity(ADA.provider, ADA.subject, "Ada L.", is_admin=True), NOON + timedelta(days=1))

    assert first is not None
    assert again is not None
    assert (again.id, again.name, again.is_admin, again.created_at) == (first.id, "Ada L.", True, NOON)


def test_a_name_leads_to_nobody_else(app: Flask) -> None:
    users = [
        account(app, ADA),
        account(app, Identity(Provider.JELLYFIN, "b" * 32, "Ada", is_admin=False)),
        account(app, Identity(Provider.PROXY, "a" * 32, "Ada")),
    ]

    assert len({user.id for user in users if user}) == 3


def test_an_admin_who_is_none_any_more_is_none_here(app: Flask) -> None:
    account(app, Identity(ADA.provider, ADA.subject, ADA.name, is_admin=True))
    user = account(app, ADA)

    assert user is not None
    assert not user.is_admin


def test_a_provider_without_a_say_leaves_admins_alone(app: Flask) -> None:
    identity = Identity(Provider.PROXY, "ada", "Ada")
    account(app, identity)
    with app.app_context(), writing() as session:
        session.execute(update(User).values(is_admin=True))

    user = account(app, identity)

    assert user is not None
    assert user.is_admin


def test_whoever_is_barred_stays_barred(app: Flask) -> None:
    account(app, ADA)
    with app.app_context(), writing() as session:
        session.execute(update(User).values(barred_at=NOON))

    assert account(app, ADA) is None
    assert account(app, Identity(ADA.provider, ADA.subject, "Another", is_admin=True)) is None


def test_nothing_new_writes_nothing(app: Flask) -> None:
    account(app, ADA)
    before = revision(app)

    account(app, ADA)
    assert revision(app) == before

    account(app, Identity(ADA.provider, ADA.subject, "Ada", "ada@example.org", is_admin=False))
    assert revision(app) > before


def test_an_address_that_is_none_is_left_out_and_a_name_is_short(app: Flask) -> None:
    user = account(app, Identity(Provider.PROXY, "ada", "A" * 1000, "ada"))

    assert user is not None
    assert (user.email, len(user.name)) == (None, LONGEST)


@pytest.mark.parametrize(
    ("name", "shown"), [(" Ada\n Lovelace ", "Ada Lovelace"), ("A\u202eda\x00", "Ada"), ("\u200b", "ada"), ("", "ada")]
)
def test_a_name_is_one_line_that_can_be_seen(app: Flask, name: str, shown: str) -> None:
    user = account(app, Identity(Provider.PROXY, "ada", name))

    assert user is not None
    assert user.name == shown


def test_an_address_that_is_vouched_for_no_more_is_forgotten(app: Flask) -> None:
    account(app, Identity(Provider.PROXY, "ada", "Ada", "ada@example.org"))
    user = account(app, Identity(Provider.PROXY, "ada", "Ada"))

    assert user is not None
    assert user.email is None


def test_it_is_one_row_each(app: Flask) -> None:
    for _ in range(3):
        account(app, ADA)

    with app.app_context(), Session(db.engine) as session:
        assert len(session.scalars(select(User)).all()) == 1
