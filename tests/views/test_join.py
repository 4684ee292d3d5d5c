"""The first visit makes the first admin, an invitation lets somebody choose a password, and a code works once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from flaskapp.access.invitations import VALID_FOR, invite
from flaskapp.config import Settings
from flaskapp.domain.provider import Provider
from flaskapp.extensions import db, writing
from flaskapp.models import Setting, User
from tests.app import running
from tests.people import PASSWORD, add_person, add_user, browser_of

NOW = datetime.now(UTC)
CODE = re.compile(r"/join\?code=(\S+)")

Prepare = Callable[[], str | None]


pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, auth="local")


@pytest.fixture
def prepare(app: Flask) -> Prepare:
    """Start the server once more, and read the code that it prints."""

    def prepare() -> str | None:
        found = CODE.search(app.test_cli_runner().invoke(args=["prepare"], catch_exceptions=False).output)
        return found and found[1]

    return prepare


def join(client: FlaskClient, code: str | None, name: str = "Eve", password: str = PASSWORD) -> TestResponse:
    return client.post("/join", data={"code": code, "name": name, "password": password})


def users(app: Flask) -> list[tuple[str, bool]]:
    with app.app_context():
        return [(user.name, user.is_admin) for user in db.session.scalars(select(User).order_by(User.id))]


def invitation(app: Flask, user_id: int, at: datetime = NOW) -> str:
    with app.app_context(), writing() as session:
        return invite(session, session.get_one(User, user_id), at)


def test_the_printed_address_leads_to_one_form_and_that_to_the_board(
    app: Flask, client: FlaskClient, prepare: Prepare
) -> None:
    code = prepare()

    page = client.get(f"/join?code={code}")
    answer = join(client, code)

    assert "the code that the server printed" in page.text
    assert f'value="{code}"' in page.text
    assert (answer.status_code, answer.location) == (303, "/setup")
    assert client.get("/").status_code == 200
    assert client.get("/people").status_code == 200
    assert users(app) == [("Eve", True)]


def test_the_code_is_kept_as_a_digest(app: Flask, prepare: Prepare) -> None:
    code = prepare()

    with app.app_context():
        assert str(code) not in " ".join(db.session.scalars(select(Setting.value)))


def test_a_code_works_once_and_there_is_none_while_there_is_an_admin(
    app: Flask, client: FlaskClient, prepare: Prepare
) -> None:
    code = prepare()
    join(client, code)

    again = join(app.test_client(), code, "Mallory")

    assert again.status_code == 400
    assert "not any more" in again.text
    assert prepare() is None
    assert users(app) == [("Eve", True)]


def test_only_the_code_that_was_printed_last_is_good(app: Flask, client: FlaskClient, prepare: Prepare) -> None:
    old, new = prepare(), prepare()

    assert join(client, old).status_code == 400
    assert users(app) == []
    assert join(client, new).status_code == 303


@pytest.mark.parametrize("code", ["", "XXXX-XXXX-XXXX-XXXX", "7" * 4000, "\0", "é"])
def test_without_the_code_nobody_comes_in(app: Flask, client: FlaskClient, prepare: Prepare, code: str) -> None:
    prepare()

    answer = join(client, code)

    assert answer.status_code == 400
    assert users(app) == []
    assert client.get("/api/requests").status_code == 401


def test_without_a_code_that_was_printed_none_is_good(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), writing() as session:
        for row in session.scalars(select(Setting).filter_by(name="first visit")):
            session.delete(row)

    assert join(client, "").status_code == 400
    assert users(app) == []


def test_the_code_may_be_typed_by_hand(client: FlaskClient, prepare: Prepare) -> None:
    code = prepare()
    assert code is not None

    assert join(client, f" {code.lower().replace('-', ' ')} ").status_code == 303


@pytest.mark.parametrize(
    ("name", "password"), [("Eve", "short"), ("Eve", "1234567890"), ("Evelyn Muster", "evelyn muster"), ("", PASSWORD)]
)
def test_what_can_not_be_taken_is_said_and_the_code_stays_good(
    app: Flask, client: FlaskClient, prepare: Prepare, name: str, password: str
) -> None:
    code = prepare()

    answer = join(client, code, name, password)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert f'value="{code}"' in answer.text
    assert password not in answer.text or password == name.lower()
    assert users(app) == []
    assert join(client, code).status_code == 303


def test_who_is_invited_is_greeted_and_chooses_a_password(app: Flask, client: FlaskClient) -> None:
    add_person(app, "Eve", is_admin=True)
    code = invitation(app, add_user(app, "Ada"))

    page = client.get(f"/join?code={code}")
    answer = join(client, code, name="Mallory")

    assert "Welcome, <bdi" in page.text
    assert "Ada</bdi>" in page.text
    assert answer.location == "/"
    assert "Ada" in client.get("/account").text
    assert users(app) == [("Eve", True), ("Ada", False)]
    assert app.test_client().post("/sign-in", data={"name": "ada", "password": PASSWORD}).status_code == 303
    assert join(app.test_client(), code).status_code == 400


def test_an_invitation_ends_after_a_week_or_when_its_person_is_barred(app: Flask, client: FlaskClient) -> None:
    add_person(app, "Eve", is_admin=True)
    late = invitation(app, add_user(app, "Ada"), NOW - VALID_FOR - timedelta(minutes=1))
    bo = add_user(app, "Bo")
    barred = invitation(app, bo)
    with app.app_context(), writing() as session:
        session.get_one(User, bo).barred_at = NOW

    for code in (late, barred):
        assert "not good" in client.get(f"/join?code={code}").text
        assert join(client, code).status_code == 400


def test_a_new_password_by_a_link_ends_the_old_one_and_who_came_with_it(app: Flask, client: FlaskClient) -> None:
    add_person(app, "Eve", is_admin=True)
    ada = add_person(app, "Ada")
    before = browser_of(app, ada)
    code = invitation(app, ada)
    assert before.get("/account").status_code == 200

    join(client, code, password="quite another one")

    assert before.get("/account").status_code == 401
    assert client.get("/account").status_code == 200
    for password, status in ((PASSWORD, 401), ("quite another one", 303)):
        assert app.test_client().post("/sign-in", data={"name": "Ada", "password": password}).status_code == status


def test_a_stranger_without_a_code_learns_what_to_do(app: Flask, client: FlaskClient) -> None:
    add_person(app, "Eve", is_admin=True)

    page = client.get("/join")

    assert page.status_code == 200
    assert "Ask an admin of this board for a link" in page.text


def test_behind_a_proxy_the_code_makes_who_is_there_an_admin(settings: Settings) -> None:
    behind = replace(settings, auth="proxy", trusted_proxies="127.0.0.1")
    with running(behind) as app:
        found = CODE.search(app.test_cli_runner().invoke(args=["prepare"], catch_exceptions=False).output)
        assert found is not None
        client, named = app.test_client(), {"Remote-User": "eve"}
        assert client.get(f"/join?code={found[1]}", headers={"Accept": "text/html"}).status_code == 303
        assert client.get("/people", headers=named).status_code == 403

        wrong = client.post("/join", data={"code": "XXXX"}, headers=named)
        answer = client.post("/join", data={"code": found[1]}, headers=named)

        assert (wrong.status_code, answer.status_code) == (400, 303)
        assert client.get("/people", headers=named).status_code == 200
        assert client.get("/people", headers={"Remote-User": "ada"}).status_code == 403


def test_where_jellyfin_says_who_is_an_admin_no_code_is_needed(settings: Settings) -> None:
    with running(replace(settings, auth="jellyfin", jellyfin_url="http://jellyfin.test", jellyfin_api_key="k")) as app:
        output = app.test_cli_runner().invoke(args=["prepare"], catch_exceptions=False).output

        assert CODE.search(output) is None
        assert app.test_client().get("/join").status_code == 404


def test_an_admin_who_can_not_sign_in_this_way_is_none(app: Flask, prepare: Prepare) -> None:
    add_user(app, "Somebody of before", provider=Provider.OIDC, is_admin=True)
    add_user(app, "Invited", is_admin=True)

    assert prepare() is not None
