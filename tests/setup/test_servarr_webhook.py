"""Our webhook in Radarr and Sonarr: registered, found wrong in every way, repaired, and what people changed is kept."""

from __future__ import annotations

from typing import Any

import pytest

from demo.servarr.notification import Notification
from flaskapp.clients.http import ClientError
from flaskapp.setup.webhook import ProblemKind
from flaskapp.sources.servarr_health import TRIGGERS
from tests.app import TOKEN
from tests.clients.web import Reply, serve
from tests.server.process import free_port
from tests.setup.house import House, connection

ELSEWHERE = "http://192.168.1.9:2774"


def sentences(house: House, instance: str = "", board: str | None = None) -> list[str]:
    return [problem.sentence for problem in house.inspect(house.upstream("radarr", instance), board).problems]


def kinds(house: House) -> list[ProblemKind]:
    return [problem.kind for problem in house.inspect(house.upstream("radarr")).problems]


def the_only(house: House) -> Notification:
    (found,) = house.world.radarr.notifications.values()
    return found


@pytest.mark.parametrize(
    ("source", "instance", "end"), [("radarr", "", "radarr"), ("sonarr", "", "sonarr"), ("radarr", "4k", "radarr/4k")]
)
def test_a_new_connection_calls_us_with_all_that_we_need(house: House, source: str, instance: str, end: str) -> None:
    upstream, arr = house.upstream(source, instance), house.world.arrs[end]
    before = house.inspect(upstream)

    changes = house.connect(upstream)

    address = f"{house.board}/webhooks/{end}"
    after, saved = house.inspect(upstream), arr.notifications[5]
    assert (before.is_there, [problem.kind for problem in before.problems]) == (False, [ProblemKind.ABSENT])
    assert (after.is_there, after.problems, after.name) == (True, (), "Arrivarr")
    assert changes == (f"{upstream.name} calls us from now on, at {address}. The connection is called Arrivarr there.",)
    assert set(TRIGGERS) & set(arr.words.triggers) <= saved.triggers
    assert not saved.triggers & {"onHealthIssue", "onHealthRestored", "onApplicationUpdate", "includeHealthWarnings"}
    assert house.calls() == [(source, instance or source, "Test")]
    assert house.tokens() == [(instance or source, False)]


def test_the_token_is_hidden_there(house: House) -> None:
    house.connect(house.upstream("radarr"))

    (shown,) = [each.to_resource(()) for each in house.world.radarr.notifications.values()]
    fields = {row["name"]: row["value"] for row in shown["fields"]}
    assert (fields["username"], fields["password"]) == ("arrivarr", "********")


def test_a_name_that_is_taken_gets_a_number(house: House) -> None:
    connection(house.world.radarr, name="ARRIVARR", url="https://chat.example.org/hook", off=["onGrab"])

    house.connect(house.upstream("radarr"))

    assert [each.name for each in house.world.radarr.notifications.values()] == ["ARRIVARR", "Arrivarr 2"]


def test_missing_ticks_say_what_they_mean_and_are_set(house: House) -> None:
    url = f"{house.board}/webhooks/radarr?token={TOKEN}"
    connection(house.world.radarr, url=url, off=["onDownload", "onManualInteractionRequired", "onHealthIssue"])

    said = sentences(house)
    changes = house.connect(house.upstream("radarr"))

    late = "only when we ask, up to a minute later."
    assert said == [
        f"On File Import is off, so a finished import reaches us {late}",
        f"On Manual Interaction Required is off, so a download that needs a hand is noticed {late}",
    ]
    assert changes == (
        "Ticked: On File Import, On Manual Interaction Required.",
        "It has a new token; the one before counts for seven more days.",
    )
    assert sentences(house) == []
    assert "onHealthIssue" not in the_only(house).triggers


def test_what_people_changed_otherwise_stays(house: House) -> None:
    headers = [{"key": "X-House", "value": "attic"}, {"key": "Authorization", "value": f"Bearer {TOKEN}"}]
    url = f"{house.board}/webhooks/radarr"
    connection(house.world.radarr, name="My board", url=url, tags=(3,), method=2, headers=headers, off=["onGrab"])

    house.connect(house.upstream("radarr"))

    kept = the_only(house)
    assert (kept.name, kept.tags, kept.fields["method"]) == ("My board", (3,), 2)
    assert kept.fields["headers"] == [{"key": "X-House", "value": "attic"}]
    assert (kinds(house), house.inspect(house.upstream("radarr")).can_repair) == ([ProblemKind.TAGS], False)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (f"{ELSEWHERE}/webhooks/radarr", "Radarr calls 192.168.1.9:2774, and Arrivarr is at {here}."),
        ("https://{here}/webhooks/radarr", "Radarr calls another address at {here} than that of Arrivarr."),
        ("http://{here}/tv/webhooks/radarr", "Radarr calls another address at {here} than that of Arrivarr."),
        ("http://{here}/webhooks/radarr/second", "Radarr calls us under the name of another instance, second."),
    ],
)
def test_an_address_of_ours_from_before_is_renewed(house: House, url: str, sentence: str) -> None:
    here = house.board.removeprefix("http://")
    connection(house.world.radarr, url=url.format(here=here), password=TOKEN)

    said = sentences(house)
    house.connect(house.upstream("radarr"))

    assert said == [sentence.format(here=here)]
    assert (the_only(house).fields["url"], sentences(house)) == (f"{house.board}/webhooks/radarr", [])


def test_connections_to_others_are_left_alone(house: House) -> None:
    chat = connection(house.world.radarr, url="https://chat.example.org/webhooks", off=["onGrab"])
    sonarrs = connection(house.world.radarr, url=f"{ELSEWHERE}/webhooks/sonarr", password=TOKEN)

    house.connect(house.upstream("radarr"))

    assert house.world.radarr.notifications[chat.id] == chat
    assert house.world.radarr.notifications[sonarrs.id] == sonarrs
    assert len(house.world.radarr.notifications) == 3


def test_another_board_beside_ours_is_left_alone(house: House) -> None:
    other = connection(house.world.radarr, url=f"{ELSEWHERE}/webhooks/radarr", password="theirs")
    connection(house.world.radarr, url=f"{house.board}/webhooks/radarr", password=TOKEN)

    assert sentences(house) == []
    house.connect(house.upstream("radarr"))

    assert house.world.radarr.notifications[other.id] == other


def test_of_two_that_lead_here_the_better_one_stays(house: House) -> None:
    url = f"{house.board}/webhooks/radarr"
    connection(house.world.radarr, name="Old", url=url, password=TOKEN, off=["onGrab"])
    connection(house.world.radarr, name="New", url=f"{url}/", password=TOKEN)

    said = sentences(house)
    changes = house.connect(house.upstream("radarr"))

    assert said == ["More than one connection leads here, so everything arrives twice: Old can go."]
    assert "The connection Old, which led here too, is gone." in changes
    assert (the_only(house).name, sentences(house)) == ("New", [])


def test_a_connection_without_events_is_switched_on(house: House) -> None:
    url = f"{house.board}/webhooks/radarr"
    connection(house.world.radarr, name="Board", url=url, password=TOKEN, off=house.world.radarr.words.triggers)

    said = sentences(house)
    house.connect(house.upstream("radarr"))

    assert said == ["The connection Board is switched off: none of its events is ticked."]
    assert sentences(house) == []


@pytest.mark.parametrize(
    "shown",
    [
        {"url": "{board}/webhooks/radarr?token=an-old-one"},
        {"url": "{board}/webhooks/radarr", "headers": [{"key": "X-Api-Key", "value": "an-old-one"}]},
        {"url": "{board}/webhooks/radarr", "headers": [{"key": "Authorization", "value": "Bearer an-old-one"}]},
    ],
)
def test_a_token_that_does_not_count_is_seen_where_it_can_be_read(house: House, shown: dict[str, Any]) -> None:
    shown = {**shown, "url": shown["url"].format(board=house.board)}
    connection(house.world.radarr, **shown)

    said = sentences(house)
    house.connect(house.upstream("radarr"))

    assert said == ["Radarr shows a token that does not count any more, so we refuse its calls."]
    assert "an-old-one" not in str(the_only(house))
    assert sentences(house) == []


def test_a_hidden_token_that_does_not_count_is_found_by_a_test(house: House) -> None:
    connection(house.world.radarr, url=f"{house.board}/webhooks/radarr", password="an-old-one")
    assert sentences(house) == []

    found = house.verify(house.upstream("radarr"))
    house.connect(house.upstream("radarr"))

    assert found is not None
    assert found.kind is ProblemKind.WRONG_TOKEN
    assert house.verify(house.upstream("radarr")) is None


def test_a_test_without_a_connection_says_so(house: House) -> None:
    found = house.verify(house.upstream("sonarr"))

    assert found is not None
    assert found.kind is ProblemKind.ABSENT


def test_a_pause_is_seen_and_ended(house: House) -> None:
    made = connection(house.world.radarr, url=f"{house.board}/webhooks/radarr", password=TOKEN)
    backoff = house.world.radarr.mail.backoff(made.id)
    house.world.advance(1000)
    for _ in range(4):
        backoff.note(house.world.clock.now, is_good=False)
        house.world.advance(400)
    backoff.note(house.world.clock.now, is_good=False)

    said = kinds(house)
    changes = house.connect(house.upstream("radarr"))

    assert said == [ProblemKind.PAUSED]
    assert changes[-1] == "Its pause is over."
    assert kinds(house) == []


def test_before_anybody_said_where_we_are_nothing_is_old(house: House) -> None:
    connection(house.world.radarr, url=f"{house.board}/webhooks/radarr", password=TOKEN)

    assert sentences(house, board="") == ["Arrivarr does not know yet at which address services reach it."]


def test_an_address_where_nobody_listens_changes_nothing(house: House) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"

    with pytest.raises(ClientError) as raised:
        house.connect(house.upstream("radarr"), nowhere)

    assert str(raised.value) == (
        f"Radarr can't reach us at {nowhere.removeprefix('http://')}. "
        "On another machine or in a container, 127.0.0.1 means that one itself: enter the name of ours."
    )
    assert (house.world.radarr.notifications, house.tokens()) == ({}, [])


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "is asked for a password (401): does a proxy stand before us?"),
        (404, "nobody there knows of us (404): is the path of our address right?"),
        (503, "gets no good answer (503)."),
    ],
)
def test_something_else_at_the_address_is_told_by_what_it_answers(house: House, status: int, sentence: str) -> None:
    with serve(lambda _asked: Reply(status)) as web, pytest.raises(ClientError) as raised:
        house.connect(house.upstream("radarr"), web.url)

    assert sentence in str(raised.value)
    assert house.tokens() == []


def test_a_redirect_that_radarr_takes_for_success_is_found_out(house: House) -> None:
    elsewhere = Reply(302, headers={"Location": "https://sign-in.example.org"})

    with serve(lambda _asked: elsewhere) as web, pytest.raises(ClientError, match="it did not arrive here"):
        house.connect(house.upstream("radarr"), web.url)


def test_a_failed_repair_leaves_the_older_token_as_it_was(house: House) -> None:
    house.connect(house.upstream("radarr"))

    with pytest.raises(ClientError):
        house.connect(house.upstream("radarr"), f"http://127.0.0.1:{free_port()}")

    assert house.tokens() == [("radarr", False)]
    assert house.verify(house.upstream("radarr")) is None


def test_a_repair_leaves_the_older_token_for_a_week(house: House) -> None:
    house.connect(house.upstream("radarr"))
    house.connect(house.upstream("radarr"))

    assert house.tokens() == [("radarr", True), ("radarr", False)]
    assert (len(house.world.radarr.notifications), sentences(house)) == (1, [])
