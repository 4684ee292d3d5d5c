"""Our webhook in Seerr, which has one for all: taken only where it is free or ours, and tried before it is saved."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from demo.seerr.agent import Agent
from demo.seerr.model import Person
from demo.titles import FILMS, LANTERN
from flaskapp.clients.http import ClientError
from flaskapp.setup.seerr_agent import TEMPLATE, TYPES
from flaskapp.setup.webhook import ProblemKind, TakenError
from tests.app import TOKEN
from tests.clients.web import Asked, Reply, serve
from tests.server.process import free_port
from tests.setup.house import House
from tests.setup.upstreams import entered

ELSEWHERE = "http://192.168.1.9:2774"
ALICE = Person(1, "Alice", "0" * 31 + "1")
ALL = sum(TYPES)


def sentences(house: House) -> list[str]:
    return [problem.sentence for problem in house.inspect(house.upstream("seerr")).problems]


def ours(house: House) -> Agent:
    """Give the settings as they should be, with the token of all services."""
    return Agent(f"{house.board}/webhooks/seerr", f"Bearer {TOKEN}", ALL, is_enabled=True, template=TEMPLATE)


@pytest.mark.parametrize("version", ["1.34.0", "2.7.3", "3.2.0", "3.3.0"])
def test_a_free_webhook_becomes_ours(house: House, version: str) -> None:
    house.world.seerr.version = version
    before = house.inspect(house.upstream("seerr"))

    changes = house.connect(house.upstream("seerr"))

    agent = house.world.seerr.agent
    assert (before.is_there, [problem.kind for problem in before.problems]) == (False, [ProblemKind.ABSENT])
    assert changes == (f"Seerr calls us from now on, at {house.board}/webhooks/seerr.",)
    assert (agent.is_enabled, agent.types, agent.template) == (True, ALL, TEMPLATE)
    assert agent.authorization.startswith("Bearer ")
    assert (sentences(house), house.calls()) == ([], [("seerr", "seerr", "TEST_NOTIFICATION")])
    assert house.verify(house.upstream("seerr")) is None


def test_what_arrives_by_our_template_is_understood(house: House) -> None:
    house.connect(house.upstream("seerr"))

    house.world.seerr.ask(FILMS["metropolis"], ALICE)
    house.world.seerr.ask(LANTERN, ALICE, (1, 2), is_4k=True)
    house.post.close()

    shown = house.app.test_client().get("/api/requests").get_json()["requests"]
    assert sorted((row["title"], row["is_4k"]) for row in shown) == [
        ("Metropolis", False),
        ("The Lantern Line", True),
    ]


def test_somebody_elses_webhook_is_left_alone(house: House) -> None:
    theirs = Agent("https://chat.example.org/hooks/secret-word?key=1", "", ALL, is_enabled=False)
    house.world.seerr.agent = theirs

    with pytest.raises(TakenError) as raised:
        house.connect(house.upstream("seerr"))

    said = "Seerr has one webhook, and it already sends to chat.example.org:443. Arrivarr leaves it alone."
    found = house.inspect(house.upstream("seerr"))
    assert (raised.value.sentence, sentences(house)) == (said, [said])
    assert (found.is_there, found.can_repair, house.world.seerr.agent, house.tokens()) == (False, False, theirs, [])


def test_ours_from_before_is_renewed(house: House) -> None:
    template = json.dumps({"notification_type": "{{notification_type}}"})
    house.world.seerr.agent = Agent(f"{ELSEWHERE}/webhooks/jellyseerr", "an-old-one", 4 + 256, template=template)

    said = sentences(house)
    changes = house.connect(house.upstream("seerr"))

    agent = house.world.seerr.agent
    assert said == [
        f"Seerr calls 192.168.1.9:2774, and should call {house.board}/webhooks/seerr.",
        "The webhook of Seerr is switched off.",
        *(
            f"{label} is off, so this news reaches us only when we ask, up to a minute later."
            for bit, label in TYPES.items()
            if bit != 4
        ),
        "The template of Seerr leaves out what we need. The default one does.",
        "Seerr shows a token that does not count any more, so we refuse its calls.",
    ]
    assert changes[0] == f"Seerr now calls {house.board}/webhooks/seerr, and no longer 192.168.1.9:2774."
    assert changes[1:] == (
        "Its webhook is switched on.",
        f"Ticked: {', '.join(label for bit, label in TYPES.items() if bit != 4)}.",
        "It has a new template.",
        "It has a new token; the one before counts for seven more days.",
    )
    assert (agent.types, sentences(house)) == (ALL + 256, [])


def test_what_people_changed_otherwise_stays(house: House) -> None:
    template = TEMPLATE.replace("{", '{ "house": "attic",', 1)
    headers = [{"key": "X-House", "value": "attic"}, {"key": "Authorization", "value": "an-old-one"}]
    kept = replace(ours(house), types=ALL - 8, template=template, others={"customHeaders": headers})
    house.world.seerr.agent = kept

    house.connect(house.upstream("seerr"))

    agent = house.world.seerr.agent
    assert (agent.types, agent.template, agent.others) == (ALL, template, {"customHeaders": headers[:1]})


def test_nothing_is_saved_that_does_not_arrive(house: House) -> None:
    before = house.world.seerr.agent

    with pytest.raises(ClientError, match=r"Seerr gets no good answer from us at 127\.0\.0\.1"):
        house.connect(house.upstream("seerr"), f"http://127.0.0.1:{free_port()}")
    with serve(lambda _asked: Reply(302)) as web, pytest.raises(ClientError, match="it did not arrive here"):
        house.connect(house.upstream("seerr"), web.url)

    assert (house.world.seerr.agent, house.tokens()) == (before, [])


def test_a_test_that_fails_is_told(house: House) -> None:
    absent = house.verify(house.upstream("seerr"))
    house.world.seerr.agent = replace(ours(house), authorization="an-old-one")
    refused = house.verify(house.upstream("seerr"))
    house.world.seerr.agent = replace(ours(house), url=f"http://127.0.0.1:{free_port()}/webhooks/seerr")
    lost = house.verify(house.upstream("seerr"))

    kinds = [problem.kind for problem in (absent, refused, lost) if problem is not None]
    assert kinds == [ProblemKind.ABSENT, ProblemKind.WRONG_TOKEN, ProblemKind.UNDELIVERED]


def test_a_seerr_that_lets_programs_change_nothing(house: House) -> None:
    def protected(asked: Asked) -> Reply:
        settings = {"enabled": False, "types": 0, "options": {"webhookUrl": "", "jsonPayload": "{}"}}
        told = {"version": "3.3.0"} if asked.path.endswith("/status") else settings
        return Reply(200, json.dumps(told).encode()) if asked.method == "GET" else Reply(403)

    with serve(protected) as web, pytest.raises(TakenError) as raised:
        house.connect(entered("seerr", web.url))

    assert "its CSRF protection is on" in raised.value.sentence
