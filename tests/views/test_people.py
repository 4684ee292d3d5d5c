"""Admins say who comes in and what they may; somebody always is an admin."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.config import Settings
from flaskapp.domain.provider import Provider
from flaskapp.extensions import db, writing
from flaskapp.models import Requester, User
from tests.app import running
from tests.people import PASSWORD, add_person, add_user, browser_of

ADDRESS = re.compile(r"http://localhost\S*/join\?code=[0-9A-Z-]{19}")


pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, auth="local")


@pytest.fixture
def eve(app: Flask) -> int:
    return add_person(app, "Eve", is_admin=True)


@pytest.fixture
def admin(app: Flask, eve: int) -> FlaskClient:
    return browser_of(app, eve)


@pytest.fixture
def ada(app: Flask, eve: int) -> int:
    return add_person(app, "Ada")


def do(client: FlaskClient, user_id: int, what: str, **form: str) -> str:
    """Change somebody, and give the page that answers."""
    answer = client.post(f"/people/{user_id}/{what}", data=form, follow_redirects=True)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def user(app: Flask, user_id: int) -> User | None:
    with app.app_context():
        return db.session.get(User, user_id)


def is_in(client: FlaskClient) -> bool:
    return client.get("/api/requests").status_code == 200


def link_in(page: str) -> str:
    (found,) = set(ADDRESS.findall(html.unescape(page)))
    return str(found)


def test_somebody_new_gets_a_link_that_is_shown_once(app: Flask, admin: FlaskClient) -> None:
    page = admin.post("/people", data={"name": "  Bo  Diddley "})

    link = link_in(page.text)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    newcomer = app.test_client()
    assert "Bo Diddley" in newcomer.get(link).text
    code = link.rpartition("=")[2]
    assert newcomer.post("/join", data={"code": code, "password": PASSWORD}).status_code == 303
    assert is_in(newcomer)
    listed = admin.get("/people").text
    assert code not in listed
    assert "Bo Diddley" in listed


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\nb\x07c", "EVE", "\uff25ve"])
def test_a_name_that_can_not_be_is_refused(admin: FlaskClient, name: str) -> None:
    answer = admin.post("/people", data={"name": name}, follow_redirects=True)

    assert "notice--failed" in answer.text
    assert answer.text.count("data-person=") == 1


def test_the_link_leads_to_the_name_and_path_that_the_browser_used(settings: Settings) -> None:
    with running(replace(settings, base_path="/tv")) as app:
        add_person(app, "Eve", is_admin=True)
        admin, root = app.test_client(), "https://board.example:8443"
        admin.post("/tv/sign-in", data={"name": "Eve", "password": PASSWORD}, base_url=root)

        page = admin.post("/tv/people", data={"name": "Bo"}, base_url=root)

        assert "https://board.example:8443/tv/join?code=" in page.text


def test_who_lost_a_password_gets_a_link(app: Flask, admin: FlaskClient, ada: int) -> None:
    assert link_in(do(admin, ada, "invite"))
    assert app.test_client().post("/sign-in", data={"name": "Ada", "password": PASSWORD}).status_code == 303


def test_an_admin_makes_another_and_is_none_any_more(app: Flask, admin: FlaskClient, eve: int, ada: int) -> None:
    browser = browser_of(app, ada)

    assert "Ada is an admin now." in do(admin, ada, "admin", is_admin="yes")
    assert browser.get("/people").status_code == 200
    admin.post(f"/people/{eve}/admin", data={"is_admin": "no"})

    assert admin.get("/people").status_code == 403
    assert is_in(admin)


@pytest.mark.parametrize(("what", "form"), [("admin", {"is_admin": "no"}), ("bar", {}), ("remove", {})])
def test_the_last_admin_stays(app: Flask, admin: FlaskClient, eve: int, what: str, form: dict[str, str]) -> None:
    # None of these could take over: one has no password yet, one is barred, one signs in where nobody does any more.
    add_user(app, "Invited", is_admin=True)
    barred = add_person(app, "Barred", is_admin=True)
    do(admin, barred, "bar")
    add_user(app, "Elsewhere", provider=Provider.OIDC, subject="elsewhere", is_admin=True)

    assert "Somebody has to be an admin" in do(admin, eve, what, **form)

    assert admin.get("/people").status_code == 200


def test_who_is_kept_out_is_out_at_once_and_stays_out(app: Flask, admin: FlaskClient, ada: int) -> None:
    browser = browser_of(app, ada)
    stream = browser.get("/events", buffered=False)
    link = link_in(do(admin, ada, "invite"))

    assert "can't come in any more" in do(admin, ada, "bar")

    assert b"signed out" in b"".join(stream.iter_encoded())
    assert not is_in(browser)
    stranger = app.test_client()
    assert stranger.post("/sign-in", data={"name": "Ada", "password": PASSWORD}).status_code == 401
    assert stranger.post("/join", data={"code": link.rpartition("=")[2], "password": PASSWORD}).status_code == 400
    assert "notice--failed" in do(admin, ada, "invite")
    do(admin, ada, "admit")
    assert stranger.post("/sign-in", data={"name": "Ada", "password": PASSWORD}).status_code == 303
    assert not is_in(browser)


def test_who_is_removed_is_gone(app: Flask, admin: FlaskClient, ada: int) -> None:
    browser = browser_of(app, ada)

    assert "Ada is removed." in do(admin, ada, "remove")

    assert not is_in(browser)
    assert user(app, ada) is None
    assert admin.post(f"/people/{ada}/bar").status_code == 404


def test_somebody_is_signed_out_everywhere(app: Flask, admin: FlaskClient, ada: int) -> None:
    browsers = [browser_of(app, ada) for _ in range(2)]

    do(admin, ada, "end-sessions")

    assert [is_in(browser) for browser in browsers] == [False, False]
    assert is_in(admin)


def test_an_admin_says_who_somebody_is_in_seerr(app: Flask, admin: FlaskClient, ada: int) -> None:
    with app.app_context(), writing() as session:
        session.add(Requester(name="ada_l", seerr_user_id=7))
    assert "ada_l" in admin.get("/people").text

    do(admin, ada, "requester", requester="1")

    assert 'value="1" selected' in admin.get("/people").text
    for odd, kept in (("99", 1), ("9" * 40, None), ("x", None), ("", None)):
        do(admin, ada, "requester", requester=odd)
        found = user(app, ada)
        assert found is not None
        assert found.requester_id == kept


def test_nobody_else_comes_here(app: Flask, ada: int, eve: int) -> None:
    browser = browser_of(app, ada)

    assert browser.get("/people").status_code == 403
    for what in ("invite", "admin", "requester", "bar", "admit", "remove", "end-sessions"):
        assert browser.post(f"/people/{eve}/{what}").status_code == 403
        assert app.test_client().post(f"/people/{eve}/{what}").status_code == 401
    assert browser.post("/people", data={"name": "Mallory"}).status_code == 403


def test_where_a_provider_says_who_is_an_admin_nobody_else_does(settings: Settings) -> None:
    with running(replace(settings, auth="jellyfin", jellyfin_url="http://jellyfin.test", jellyfin_api_key="k")) as app:
        admin = browser_of(app, add_user(app, "Eve", provider=Provider.JELLYFIN, subject="1", is_admin=True))
        ada = add_user(app, "Ada", provider=Provider.JELLYFIN, subject="2")

        page = admin.get("/people").text

        assert "account of Jellyfin" in page
        assert "Make an admin" not in page
        assert admin.post(f"/people/{ada}/admin", data={"is_admin": "yes"}).status_code == 404
        assert admin.post("/people", data={"name": "Bo"}).status_code == 404
        assert "notice--failed" in do(admin, ada, "invite")


def test_where_nobody_signs_in_there_is_nobody_to_manage(settings: Settings) -> None:
    with running(replace(settings, auth="none")) as app:
        assert app.test_client().get("/people").status_code == 404


def test_a_name_is_never_markup(app: Flask, admin: FlaskClient) -> None:
    admin.post("/people", data={"name": "<script>x</script>"})

    page = admin.get("/people").text

    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
