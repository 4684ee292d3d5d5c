"""What is wrong with a service is found by looking at it, and put right by one button."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from demo.seerr.agent import EVERYTHING, Agent
from flaskapp.extensions import writing
from flaskapp.models import Delivery
from flaskapp.setup import checkup
from tests.app import Send, post
from tests.setup.house import House, connection
from tests.setup.house import house as open_house
from tests.views.setup_pages import save, text


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    """Give a board that is joined to a Radarr and a Seerr, which know nothing of it yet."""
    with open_house(app) as house:
        save(app, house.upstream("radarr"), house.upstream("seerr"))
        with app.app_context():
            app.extensions["upstreams"].say_callback_url(house.board)
        yield house


def panel(client: FlaskClient, path: str) -> str:
    found = re.search(
        rf'<article class="panel service" data-caller="{path}".+?</article>', client.get("/services").text, re.DOTALL
    )
    assert found
    return found[0]


def found(client: FlaskClient, path: str) -> list[str]:
    return re.findall(r'data-finding="(\w+)"', panel(client, path))


def press(client: FlaskClient, source: str, doing: str) -> str:
    """Press a button and read the page that comes then."""
    answer = client.post(f"/services/{source}/{source}/{doing}")
    place = f"/services#{source}-{source}" if doing == "examine" else "/services"
    assert (answer.status_code, answer.headers["Location"]) == (303, place)
    return text(client.get("/services").text)


def test_a_look_tells_the_version_and_what_is_wrong(house: House, client: FlaskClient) -> None:
    assert "Version not known yet" in text(panel(client, "radarr"))

    assert client.post("/services/examine").status_code == 303

    assert re.search(r'service__version">[0-9.]+<', panel(client, "radarr"))
    assert found(client, "radarr") == ["absent"]
    assert found(client, "seerr") == ["absent"]


def test_connect_registers_our_webhook(house: House, client: FlaskClient) -> None:
    press(client, "radarr", "examine")

    said = press(client, "radarr", "repair/absent")

    assert "Radarr calls us from now on" in said
    assert found(client, "radarr") == []
    assert 'data-lamp="up"' in panel(client, "radarr")


def test_ticks_that_are_off_are_switched_on_at_once(house: House, client: FlaskClient) -> None:
    press(client, "radarr", "repair/absent")
    (ours,) = house.world.radarr.notifications.values()
    house.world.radarr.notifications[ours.id] = replace(ours, triggers=ours.triggers - {"onDownload", "onGrab"})
    press(client, "radarr", "examine")
    assert found(client, "radarr") == ["trigger"]
    assert "On File Import is off" in text(panel(client, "radarr"))
    assert "Switch them on" in panel(client, "radarr")

    said = press(client, "radarr", "repair/trigger")

    assert "Ticked: On Grab, On File Import." in said
    assert found(client, "radarr") == []


def test_an_old_address_is_corrected(house: House, client: FlaskClient) -> None:
    connection(house.world.radarr, url="http://old-nas:2774/webhooks/radarr")
    press(client, "radarr", "examine")
    assert "old_address" in found(client, "radarr")

    said = press(client, "radarr", "repair/old_address")

    assert "and no longer old-nas:2774" in said
    assert found(client, "radarr") == []


def test_a_second_webhook_is_removed(house: House, client: FlaskClient) -> None:
    press(client, "radarr", "repair/absent")
    connection(house.world.radarr, url=f"{house.board}/webhooks/radarr", name="Twin")
    press(client, "radarr", "examine")
    assert found(client, "radarr") == ["doubled"]

    said = press(client, "radarr", "repair/doubled")

    assert "which led here too, is gone." in said
    assert len(house.world.radarr.notifications) == 1
    assert found(client, "radarr") == []


def test_an_agent_of_seerr_that_somebody_uses_is_left_alone(house: House, client: FlaskClient) -> None:
    house.world.seerr.agent = Agent("http://discord/hook", "", EVERYTHING, is_enabled=True)

    press(client, "seerr", "examine")

    assert found(client, "seerr")[0] == "taken"
    assert 'action="/setup/seerr/seerr/webhook"' in panel(client, "seerr")
    assert 'value="hand"' in panel(client, "seerr")


def test_a_wrong_key_leads_to_where_it_is_entered(app: Flask, house: House, client: FlaskClient) -> None:
    save(app, replace(house.upstream("radarr"), api_key="not the key"))

    press(client, "radarr", "examine")

    assert found(client, "radarr")[0] == "wrong_key"
    assert "Look at its address and key" in panel(client, "radarr")
    assert 'href="/setup/radarr/radarr"' in panel(client, "radarr")
    assert "not the key" not in panel(client, "radarr")


def test_what_fails_is_said_and_stays_a_finding(house: House, client: FlaskClient) -> None:
    press(client, "radarr", "examine")
    house.stack.stop()

    said = press(client, "radarr", "repair/absent")

    assert "Radarr" in said
    assert "from now on" not in said
    assert found(client, "radarr")[0] == "unreachable"


def test_without_our_address_nothing_is_registered(app: Flask, house: House, client: FlaskClient) -> None:
    with app.app_context():
        app.extensions["upstreams"].say_callback_url("")

    answer = client.post("/services/radarr/radarr/repair/absent")

    assert answer.headers["Location"] == "/setup"
    assert house.world.radarr.notifications == {}


def test_calls_that_could_not_be_used_are_applied_again(house: House, client: FlaskClient) -> None:
    post(client, "/webhooks/radarr", '{"eventType": "Grab"}')
    assert "refused" in found(client, "radarr")

    said = press(client, "radarr", "repair/refused")

    assert "One call of Radarr applied again, 0 could be used. Still: " in said


def test_calls_that_can_be_used_by_now_are_no_finding_any_more(house: House, client: FlaskClient, send: Send) -> None:
    send("radarr", "grab-torrent")
    with house.app.app_context(), writing() as session:
        session.execute(update(Delivery).values(outcome="rejected", reason="It was not understood."))
    assert "refused" in found(client, "radarr")

    said = press(client, "radarr", "repair/refused")

    assert "One call of Radarr applied again, and all could be used." in said
    assert found(client, "radarr") == []


def test_a_look_counts_for_some_minutes(house: House, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    press(client, "radarr", "examine")
    monkeypatch.setattr(checkup, "FRESH", -checkup.FRESH)

    assert found(client, "radarr") == ["never_called"]
    assert "service__version" in panel(client, "radarr")


def test_a_look_at_another_address_does_not_count(app: Flask, house: House, client: FlaskClient) -> None:
    press(client, "radarr", "examine")

    save(app, replace(house.upstream("radarr"), url="http://127.0.0.1:9"))

    assert "service__version" not in panel(client, "radarr")


@pytest.mark.parametrize("doing", ["examine", "repair/absent"])
def test_what_is_not_connected_is_not_found(client: FlaskClient, doing: str) -> None:
    assert client.post(f"/services/sonarr/sonarr/{doing}").status_code == 404


@pytest.mark.parametrize("finding", ["tags", "taken", "anything"])
def test_what_has_no_button_can_not_be_pressed(house: House, client: FlaskClient, finding: str) -> None:
    assert client.post(f"/services/radarr/radarr/repair/{finding}").status_code == 404


def test_a_pause_is_over_when_it_has_called_since(house: House, client: FlaskClient) -> None:
    press(client, "radarr", "repair/absent")
    with house.app.app_context(), writing() as session:
        session.execute(update(Delivery).values(received_at=datetime.now(UTC) - timedelta(hours=1)))
    (ours,) = house.world.radarr.notifications
    house.world.radarr.mail.backoff(ours).blocked_until = house.world.clock.now + timedelta(minutes=5)
    press(client, "radarr", "examine")
    assert found(client, "radarr") == ["paused"]

    said = press(client, "radarr", "repair/paused")

    assert "the pause is over" in said
    assert found(client, "radarr") == []


def test_what_the_background_found_is_shown_without_a_press(house: House, client: FlaskClient) -> None:
    loop = next(loop for loop in house.app.extensions["background"].loops if loop.name == "Radarr")

    loop.turn(datetime.now(UTC))

    assert re.search(r'service__version">[0-9.]+<', panel(client, "radarr"))
    assert found(client, "radarr") == ["absent"]
    assert re.search(r"looked <time", panel(client, "radarr").replace("\n", ""))
