"""One service is tested, connected, heard and let go; what goes wrong is said in words and keeps what was typed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from demo.jellyfin.api import API_KEY as JELLYFIN_KEY
from demo.qbittorrent.api import PASSWORD, USERNAME
from demo.seerr.api import API_KEY as SEERR_KEY
from demo.servarr.api import API_KEY as SERVARR_KEY
from demo.titles import FILMS
from demo.webhook import Receiver
from demo.world import PEOPLE
from flaskapp.config import Settings
from flaskapp.upstreams import Upstream
from tests.app import payload, running
from tests.clients.web import Reply, serve
from tests.server.process import wait_until
from tests.setup.house import House, house
from tests.views.setup_pages import field, next_step, save, state, step, text

SECRET = "k3y-that-nobody-may-see"
RADARR = Upstream("radarr", "radarr", "Radarr", "http://127.0.0.1:9", SECRET)
LABELS = {"Seerr": SEERR_KEY, "Radarr": SERVARR_KEY, "Sonarr": SERVARR_KEY, "Jellyfin": JELLYFIN_KEY}


@pytest.fixture
def home(app: Flask) -> Iterator[House]:
    """Give services that know nothing of the board, and a board that knows where it is."""
    with house(app) as home:
        with app.app_context():
            app.extensions["upstreams"].say_callback_url(home.board)
        yield home


def form(home: House, source: str, **changed: str) -> dict[str, str]:
    """Fill in a form as somebody who makes no mistake."""
    key = {"seerr": SEERR_KEY, "jellyfin": JELLYFIN_KEY, "qbittorrent": PASSWORD}.get(source, SERVARR_KEY)
    login = {"username": USERNAME} if source == "qbittorrent" else {}
    return {"url": home.stack.urls[source], "key": key, **login, **changed}


def known(app: Flask) -> list[Upstream]:
    with app.app_context():
        return list(app.extensions["upstreams"].now())


def shown(client: FlaskClient, address: str) -> str:
    return client.get(address).text


@pytest.mark.parametrize("source", ["seerr", "radarr", "sonarr", "qbittorrent", "jellyfin"])
def test_a_test_says_who_answers_and_keeps_nothing(app: Flask, client: FlaskClient, home: House, source: str) -> None:
    answer = client.post(f"/setup/{source}/{source}/test", data=form(home, source))

    assert answer.status_code == 200
    assert "It answers, and takes the key:" in text(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert known(app) == []


@pytest.mark.parametrize("end", ["", "/test"])
def test_a_wrong_key_is_named_and_what_was_typed_stays(app: Flask, client: FlaskClient, home: House, end: str) -> None:
    answer = client.post(f"/setup/radarr/radarr{end}", data=form(home, "radarr", key="wrong"))

    assert answer.status_code == 400
    assert "Radarr does not take this key. It stands in Radarr under Settings, General." in text(answer.text)
    assert f'value="{home.stack.urls["radarr"]}"' in answer.text
    assert 'type="password" value="wrong"' in answer.text
    assert known(app) == []


def test_nobody_there_is_named(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/setup/radarr/radarr", data={"url": "http://127.0.0.1:9", "key": "k"})

    assert (answer.status_code, known(app)) == (400, [])
    assert "notice--failed" in answer.text


def test_an_address_that_may_do_is_one_click_away(app: Flask, client: FlaskClient, home: House) -> None:
    radarr = home.stack.urls["radarr"]
    with serve(lambda asked: Reply(301, headers={"Location": radarr + asked.path})) as web:
        wrong = form(home, "radarr", url=web.url)
        answer = client.post("/setup/radarr/radarr/test", data=wrong)
        assert f'name="instead" value="{radarr}"' in answer.text

    assert client.post("/setup/radarr/radarr", data=wrong | {"instead": radarr}).status_code == 303
    assert [each.url for each in known(app)] == [radarr]


@pytest.mark.parametrize("source", ["radarr", "sonarr", "seerr"])
def test_connecting_keeps_it_and_lets_it_call_us(app: Flask, client: FlaskClient, home: House, source: str) -> None:
    answer = client.post(f"/setup/{source}/{source}", data=form(home, source))

    assert (answer.status_code, answer.location) == (303, f"/setup/{source}/{source}")
    assert home.calls()
    assert {call[:2] for call in home.calls()} == {(source, source)}
    page = text(shown(client, answer.location))
    assert f"{source.title()} calls us from now on" in page
    assert "It can reach us" in page
    assert "Waiting for its first news" in page
    assert state(client, source) == ("waiting", "Connected, and it can reach us")


def test_an_address_is_kept_tidied(app: Flask, client: FlaskClient, home: House) -> None:
    typed = home.stack.urls["radarr"].removeprefix("http://") + "/settings/general"
    client.post("/setup/radarr/radarr", data=form(home, "radarr", url=f" {typed} ", key=f" {SERVARR_KEY} "))

    (upstream,) = known(app)
    assert (upstream.url, upstream.api_key, upstream.name) == (home.stack.urls["radarr"], SERVARR_KEY, "Radarr")


def test_qbittorrent_needs_no_webhook(app: Flask, client: FlaskClient, home: House) -> None:
    answer = client.post("/setup/qbittorrent/qbittorrent", data=form(home, "qbittorrent"))

    assert answer.status_code == 303
    (upstream,) = known(app)
    assert (upstream.username, upstream.api_key) == (USERNAME, PASSWORD)
    page = text(shown(client, answer.location))
    assert "We are about to ask it" in page
    assert "webhook" not in page.lower()


def test_jellyfin_is_told_what_to_enter_field_by_field(app: Flask, client: FlaskClient, home: House) -> None:
    answer = client.post("/setup/jellyfin/jellyfin", data=form(home, "jellyfin"))

    assert answer.status_code == 200
    assert f"{home.board}/webhooks/jellyfin</code>" in answer.text
    assert "&#34;item_id&#34;: &#34;{{ItemId}}&#34;" in answer.text
    assert answer.text.count("data-copy=") == 7
    token = re.findall(r"Bearer ([\w-]+)<", answer.text)[0]
    assert [instance for instance, _ in home.tokens()] == ["jellyfin"]
    assert token not in shown(client, "/setup/jellyfin/jellyfin")
    assert "Show what to enter in Jellyfin" in shown(client, "/setup/jellyfin/jellyfin")

    sent = app.test_client().post(
        "/webhooks/jellyfin",
        json=payload("jellyfin", "item-added-movie"),
        headers={"Authorization": f"Bearer {token}"},
    )

    assert sent.status_code == 200
    assert state(client, "jellyfin")[0] == "up"


def test_a_seerr_whose_webhook_is_taken_is_left_alone(app: Flask, client: FlaskClient, home: House) -> None:
    with home.world.lock:
        home.world.seerr.connect(Receiver("http://192.168.1.4/somebody-else", {}))

    answer = client.post("/setup/seerr/seerr", data=form(home, "seerr"))

    assert answer.status_code == 200
    assert "it already sends to 192.168.1.4" in text(answer.text)
    assert f"{home.board}/webhooks/seerr</code>" in answer.text
    assert [each.source for each in known(app)] == ["seerr"]
    assert state(client, "seerr")[0] == "waiting"


def test_a_webhook_that_cannot_be_set_up_is_explained_and_can_be_entered_by_hand(
    app: Flask, client: FlaskClient, home: House
) -> None:
    with app.app_context():
        app.extensions["upstreams"].say_callback_url("http://127.0.0.1:9")

    answer = client.post("/setup/radarr/radarr", data=form(home, "radarr"))

    assert answer.status_code == 400
    assert "Radarr can't reach us at 127.0.0.1:9." in text(answer.text)
    assert [each.source for each in known(app)] == ["radarr"]

    manual = client.post("/setup/radarr/radarr/webhook", data={"by": "hand"})

    assert "http://127.0.0.1:9/webhooks/radarr</code>" in manual.text


def test_left_in_the_middle_it_goes_on_when_it_is_taken_up_again(app: Flask, client: FlaskClient, home: House) -> None:
    with app.app_context():
        app.extensions["upstreams"].say_callback_url("")
    client.post("/setup/radarr/radarr", data=form(home, "radarr"))
    assert home.calls() == []
    page = text(shown(client, "/setup/radarr/radarr"))
    assert "It can call as soon as you have said where services reach this board" in page

    later = app.test_client()
    later.post("/setup/address", data={"address": home.board})
    assert next_step(shown(later, "/setup")) == "seerr"
    assert "Let it call us" in shown(later, "/setup/radarr/radarr")
    later.post("/setup/radarr/radarr/webhook")

    assert state(later, "radarr") == ("waiting", "Connected, and it can reach us")


def test_verify_lets_it_call_once_more_or_says_why_it_does_not(app: Flask, client: FlaskClient, home: House) -> None:
    client.post("/setup/radarr/radarr", data=form(home, "radarr"))
    before = len(home.calls())

    assert client.post("/setup/radarr/radarr/verify").status_code == 200
    assert len(home.calls()) == before + 1

    with home.world.lock:
        home.world.radarr.notifications.clear()
    answer = client.post("/setup/radarr/radarr/verify")

    assert answer.status_code == 400
    assert "Radarr does not call us yet." in text(answer.text)


def test_a_real_event_turns_it_green(client: FlaskClient, home: House) -> None:
    client.post("/setup/seerr/seerr", data=form(home, "seerr"))
    assert state(client, "seerr")[0] == "waiting"

    from_seerr(home)

    wait_until(lambda: state(client, "seerr")[0] == "up")
    assert "It tells us what happens" in text(shown(client, "/setup/seerr/seerr"))


def test_two_instances_are_told_apart_by_their_tokens(app: Flask, client: FlaskClient, home: House) -> None:
    client.post("/setup/radarr/radarr", data=form(home, "radarr"))
    second = form(home, "radarr", url=home.stack.urls["radarr_4k"], name="Radarr 4K", is_4k="yes")
    answer = client.post("/setup/radarr/another", data=second)

    assert answer.location == "/setup/radarr/4k"
    assert [(each.instance, each.name, each.is_4k) for each in known(app)] == [
        ("radarr", "Radarr", False),
        ("4k", "Radarr 4K", True),
    ]
    assert [instance for instance, _ in home.tokens()] == ["radarr", "4k"]
    assert home.calls() == [("radarr", "radarr", "Test"), ("radarr", "4k", "Test")]


def elsewhere(home: House, source: str) -> str:
    """Give an address of a service that nobody can tell to be of the same."""
    return home.stack.urls[source].replace("127.0.0.1", "localhost")


@pytest.mark.parametrize(("source", "label"), [("qbittorrent", "qBittorrent"), ("jellyfin", "Jellyfin")])
def test_a_second_one_has_a_name_and_a_place_of_its_own_and_no_quality(
    app: Flask, client: FlaskClient, home: House, source: str, label: str
) -> None:
    client.post(f"/setup/{source}/{source}", data=form(home, source))
    assert f"Add another {label}" in step(shown(client, "/setup"), source)
    page = shown(client, f"/setup/{source}/another")
    assert field(page, "name") == f"{label} 2"
    assert "4K" not in page

    second = form(home, source, url=elsewhere(home, source), name=f"{label} at sea", is_4k="yes")
    client.post(f"/setup/{source}/another", data=second)

    assert [(each.instance, each.name, each.is_4k) for each in known(app)] == [
        (source, label, False),
        ("at-sea", f"{label} at sea", False),
    ]


def test_what_to_enter_in_a_second_jellyfin_leads_to_its_own_place(
    app: Flask, client: FlaskClient, home: House
) -> None:
    save(app, replace(RADARR, source="jellyfin", instance="cottage", name="Jellyfin in the cottage"))

    page = client.post("/setup/jellyfin/cottage/webhook", data={"by": "hand"}).text

    assert f"{home.board}/webhooks/jellyfin/cottage" in page
    assert home.tokens() == [("cottage", False)]


@pytest.mark.parametrize("end", ["", "/"])
def test_the_same_one_is_not_connected_twice(app: Flask, client: FlaskClient, home: House, end: str) -> None:
    client.post("/setup/radarr/radarr", data=form(home, "radarr"))

    again = form(home, "radarr", url=home.stack.urls["radarr"] + end, name="Radarr 4K")
    answer = client.post("/setup/radarr/another", data=again)

    assert answer.status_code == 400
    assert "That is the address of Radarr, which is connected already." in text(answer.text)
    assert len(known(app)) == 1


def test_the_first_one_gets_a_name_when_there_is_a_second(app: Flask, client: FlaskClient, home: House) -> None:
    client.post("/setup/qbittorrent/qbittorrent", data=form(home, "qbittorrent"))
    assert 'name="name"' not in shown(client, "/setup/qbittorrent/qbittorrent")
    second = form(home, "qbittorrent", url=elsewhere(home, "qbittorrent"), name="qBittorrent VPN")
    client.post("/setup/qbittorrent/another", data=second)
    assert field(shown(client, "/setup/qbittorrent/qbittorrent"), "name") == "qBittorrent"

    client.post("/setup/qbittorrent/qbittorrent", data=form(home, "qbittorrent", name="At home"))

    assert [(each.instance, each.name) for each in known(app)] == [
        ("qbittorrent", "At home"),
        ("vpn", "qBittorrent VPN"),
    ]


@pytest.mark.parametrize(
    ("names", "offered", "is_4k"),
    [
        (["Radarr"], "Radarr 4K", True),
        (["Radarr", "Radarr 4K"], "Radarr 2", False),
        (["radarr", "Radarr 4K", "Radarr 2"], "Radarr 3", False),
    ],
)
def test_one_more_is_offered_a_name_that_is_free(
    app: Flask, client: FlaskClient, names: list[str], offered: str, *, is_4k: bool
) -> None:
    save(app, *(replace(RADARR, instance=f"radarr{number or ''}", name=name) for number, name in enumerate(names)))

    page = shown(client, "/setup/radarr/another")

    assert field(page, "name") == offered
    assert ('name="is_4k" value="yes" checked' in page) is is_4k


@pytest.mark.parametrize(
    ("name", "instance"),
    [
        ("Radarr Anime", "anime"),
        ("Late films", "late-films"),
        ("Radarr", ""),
        ("Another", "another-2"),
        ("片", "second"),
    ],
)
def test_one_more_gets_a_place_of_its_own(
    app: Flask, client: FlaskClient, home: House, name: str, instance: str
) -> None:
    save(app, RADARR)
    answer = client.post("/setup/radarr/another", data=form(home, "radarr", name=name))

    if instance:
        assert answer.location == f"/setup/radarr/{instance}"
    else:
        assert "There is already a service called Radarr." in text(answer.text)


def test_a_key_is_never_shown_again_and_kept_where_none_is_typed(app: Flask, client: FlaskClient, home: House) -> None:
    client.post("/setup/radarr/radarr", data=form(home, "radarr"))
    page = shown(client, "/setup/radarr/radarr")
    assert SERVARR_KEY not in page
    assert "Kept. Enter another one to replace it." in page

    client.post("/setup/radarr/radarr", data=form(home, "radarr", key=""))

    assert [each.api_key for each in known(app)] == [SERVARR_KEY]


@pytest.mark.parametrize("end", ["", "/test"])
def test_a_kept_key_goes_to_no_other_machine(app: Flask, client: FlaskClient, end: str) -> None:
    save(app, RADARR)
    with serve(lambda _asked: Reply(200, b"{}")) as web:
        answer = client.post(f"/setup/radarr/radarr{end}", data={"url": web.url, "key": ""})

    assert web.asked == []
    assert "The key that is kept was given for another address." in text(answer.text)
    assert known(app) == [RADARR]


@pytest.mark.parametrize(("key", "sentence"), [("", "Radarr needs its key."), ("ke y", "Copy it once more.")])
def test_a_key_that_is_none_is_not_sent(client: FlaskClient, key: str, sentence: str) -> None:
    answer = client.post("/setup/radarr/radarr", data={"url": "http://127.0.0.1:9", "key": key})

    assert (answer.status_code, sentence in text(answer.text)) == (400, True)


def test_a_key_is_in_no_log_and_on_no_other_page(
    client: FlaskClient, home: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post("/setup/radarr/radarr", data=form(home, "radarr", key=SECRET))
        client.post("/setup/radarr/radarr/test", data=form(home, "seerr", key=SECRET))
        client.post("/setup/radarr/radarr", data=form(home, "radarr"))

    pages = [shown(client, address) for address in ("/setup", "/setup/radarr/radarr", "/services", "/")]
    assert not [page for page in pages if SECRET in page or SERVARR_KEY in page]
    assert SECRET not in caplog.text
    assert SERVARR_KEY not in caplog.text


def test_a_service_of_the_environment_is_locked_and_only_its_webhook_is_set_up(settings: Settings, app: Flask) -> None:
    with house(app) as outside:
        words: dict[str, Any] = {"radarr_url": outside.stack.urls["radarr"], "radarr_api_key": SERVARR_KEY}
        with running(replace(settings, **words)) as locked, house(locked) as home:
            client = locked.test_client()
            with locked.app_context():
                locked.extensions["upstreams"].say_callback_url(home.board)

            page = shown(client, "/setup/radarr/radarr")
            assert "set by RADARR_URL" in text(page)
            assert f"<code>{outside.stack.urls['radarr']}</code>" in page
            assert '<span class="mark">RADARR_URL</span>' in shown(client, "/setup")
            assert 'name="url"' not in page
            assert "Disconnect" not in page
            assert client.post("/setup/radarr/radarr", data=form(home, "radarr")).status_code == 409
            assert client.post("/setup/radarr/radarr/disconnect").status_code == 409
            assert client.post("/setup/radarr/radarr/test").status_code == 200
            assert client.post("/setup/radarr/radarr/webhook").status_code == 303
            assert state(client, "radarr") == ("waiting", "Connected, and it can reach us")


@pytest.mark.parametrize("end", ["webhook", "verify"])
@pytest.mark.parametrize("source", ["radarr", "qbittorrent"])
def test_without_an_address_of_ours_or_a_webhook_of_theirs_nobody_is_asked_to_call(
    app: Flask, client: FlaskClient, source: str, end: str
) -> None:
    save(app, replace(RADARR, source=source, instance=source))
    answer = client.post(f"/setup/{source}/{source}/{end}", data={"by": "hand"})

    assert (answer.status_code, answer.location) == (303, f"/setup/{source}/{source}")


def test_a_client_that_never_calls_has_nothing_to_enter(app: Flask, client: FlaskClient, home: House) -> None:
    client.post("/setup/qbittorrent/qbittorrent", data=form(home, "qbittorrent"))

    assert client.post("/setup/qbittorrent/qbittorrent/webhook", data={"by": "hand"}).status_code == 303
    assert client.post("/setup/qbittorrent/qbittorrent/verify").status_code == 200
    assert home.tokens() == []


def test_disconnected_it_is_asked_no_more(app: Flask, client: FlaskClient) -> None:
    save(app, RADARR)
    answer = client.post("/setup/radarr/radarr/disconnect")

    assert (answer.status_code, answer.location, known(app)) == (303, "/setup", [])
    assert client.post("/setup/radarr/radarr/disconnect").status_code == 404


@pytest.mark.parametrize("path", ["plex/plex", "plex/another", "radarr/4k", "jellyfin/second"])
def test_what_can_not_be_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/setup/{path}").status_code == 404
    assert client.post(f"/setup/{path}", data={"url": "http://127.0.0.1:9", "key": "k"}).status_code == 404


def from_seerr(home: House) -> None:
    """Let somebody ask for a film."""
    with home.world.lock:
        home.world.seerr.ask(next(iter(FILMS.values())), PEOPLE["anna"])
        home.world.advance(3)
