"""What is wrong with a service is told with the gravest first, and each has one button that puts it right."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.house import CauseKind
from flaskapp.domain.observation import LibraryItemType
from flaskapp.setup.findings import BUTTONS, ORDER, Finding, Heard, Read, Remedy, findings, look, repair
from flaskapp.setup.probe import Probed, ProbeError, ProbeKind
from flaskapp.setup.webhook import Problem, ProblemKind, Webhook
from flaskapp.upstreams import Upstream
from tests.app import TOKEN
from tests.clients.web import Reply, serve
from tests.setup.house import NOON, House, connection
from tests.setup.upstreams import entered

RADARR = Upstream("radarr", "radarr", "Radarr", "http://radarr:7878", "k3y")
JELLYFIN = replace(RADARR, source="jellyfin", instance="jellyfin", name="Jellyfin")
WELL = Heard(last_at=NOON)


def problem(kind: ProblemKind, sentence: str = "So it is.") -> Problem:
    return Problem(kind, sentence)


def of(*problems: Problem, upstream: Upstream = RADARR, heard: Heard = WELL) -> list[Finding]:
    read = Read(Probed("6.0", "Radarr"), webhook=Webhook(is_there=True, problems=problems))
    return list(findings(upstream, read, heard))


def judge(house: House, upstream: Upstream, heard: Heard = WELL) -> list[Finding]:
    with house.app.app_context():
        return list(findings(upstream, look(upstream, house.board), heard))


def mend(house: House, upstream: Upstream, remedy: Remedy) -> tuple[str, ...]:
    with house.app.app_context():
        return repair(upstream, house.board, remedy)


def test_where_all_is_well_there_is_nothing_to_say() -> None:
    assert of() == []


def test_every_problem_has_its_place_and_its_button() -> None:
    found = of(*(problem(kind) for kind in reversed(ProblemKind)))

    assert set(ORDER) == set(BUTTONS) == set(ProblemKind)
    assert [finding.kind for finding in found] == list(ORDER)
    assert all((finding.remedy is Remedy.NONE) == (not finding.button) for finding in found)


def test_what_may_be_meant_so_is_only_mentioned() -> None:
    taken, tags = of(problem(ProblemKind.TAKEN), problem(ProblemKind.TAGS))

    assert not taken.is_loud
    assert not tags.is_loud
    assert Read(Probed("6.0", "Radarr"), webhook=Webhook(is_there=True, problems=(problem(ProblemKind.TAGS),))).is_well
    assert all(found.is_loud for found in of(problem(ProblemKind.ABSENT), problem(ProblemKind.TRIGGER)))


def test_our_address_matters_only_to_a_repair() -> None:
    unknown = Problem(ProblemKind.NO_ADDRESS, "We do not know where we are.", can_repair=False)

    assert of(unknown) == []
    assert [found.kind for found in of(unknown, problem(ProblemKind.TRIGGER))] == ["no_address", "trigger"]


@pytest.mark.parametrize("pause", [CauseKind.WEBHOOKS_PAUSED, CauseKind.WEBHOOKS_SILENT])
def test_a_pause_that_the_poll_found_is_told_once(pause: CauseKind) -> None:
    heard = replace(WELL, pause=pause)

    (found,) = of(heard=heard)

    assert (found.kind, found.remedy, found.button) == ("paused", Remedy.TEST, "End the pause")
    assert of(problem(ProblemKind.PAUSED), heard=replace(WELL, calls_again=True)) == []
    for explains in (ProblemKind.PAUSED, ProblemKind.ABSENT, ProblemKind.DISABLED):
        assert [found.kind for found in of(problem(explains), heard=heard)] == [explains]
    dead = Read(failure=ProbeError(ProbeKind.UNREACHABLE, "Nothing listens there."))
    assert [found.kind for found in findings(RADARR, dead, heard)] == ["unreachable"]


def test_jellyfin_is_there_as_soon_as_it_called() -> None:
    assert [found.kind for found in of(problem(ProblemKind.ABSENT), upstream=JELLYFIN, heard=Heard())] == ["absent"]
    assert of(problem(ProblemKind.ABSENT), upstream=JELLYFIN) == []


def test_a_type_of_items_that_never_came_says_which_tick_to_set() -> None:
    (found,) = of(upstream=JELLYFIN, heard=replace(WELL, missed=(LibraryItemType.EPISODE,)))

    assert found.sentences[0].startswith("New episodes arrived in Jellyfin, and it has never called about one. ")
    assert "Tick “Episodes”" in found.sentences[0]


def test_missing_ticks_are_one_finding() -> None:
    (found,) = of(problem(ProblemKind.TRIGGER, "One is off."), problem(ProblemKind.TRIGGER, "So is two."))

    assert (found.sentences, found.button) == (("One is off.", "So is two."), "Switch them on")


@pytest.mark.parametrize(
    ("upstream", "remedy", "said"),
    [
        (RADARR, Remedy.ENTER, ()),
        (
            replace(RADARR, variable="RADARR_URL"),
            Remedy.NONE,
            ("If its address or key is wrong, correct it at RADARR_URL and start again.",),
        ),
    ],
)
def test_what_can_not_be_asked_leads_to_where_it_is_entered(
    upstream: Upstream, remedy: Remedy, said: tuple[str, ...]
) -> None:
    failure = ProbeError(ProbeKind.WRONG_KEY, "Radarr does not take this key.")

    (found,) = findings(upstream, Read(failure=failure), WELL)

    assert (found.kind, found.remedy) == ("wrong_key", remedy)
    assert found.sentences == ("Radarr does not take this key.", *said)


def test_a_webhook_that_could_not_be_read_says_why() -> None:
    (found,) = findings(RADARR, Read(Probed("6.0", "Radarr"), unread="Radarr answers too slowly."), WELL)

    assert found.sentences == ("Our webhook there could not be read. Radarr answers too slowly.",)


@pytest.mark.parametrize(
    ("upstream", "heard", "expected"),
    [
        (RADARR, Heard(), ("never_called", Remedy.TEST)),
        (JELLYFIN, Heard(), ("never_called", Remedy.NONE)),
        (RADARR, Heard(knocked_at=NOON), ("knocked", Remedy.CONNECT)),
        (RADARR, Heard(NOON - timedelta(hours=1), knocked_at=NOON), ("knocked", Remedy.CONNECT)),
        (JELLYFIN, Heard(knocked_at=NOON), ("knocked", Remedy.BY_HAND)),
        (RADARR, replace(WELL, refused=2, reason="It is no JSON."), ("refused", Remedy.REPLAY)),
    ],
)
def test_what_its_calls_say(upstream: Upstream, heard: Heard, expected: tuple[str, Remedy]) -> None:
    (found,) = of(upstream=upstream, heard=heard)

    assert (found.kind, found.remedy) == expected


@pytest.mark.parametrize(
    ("upstream", "heard"),
    [
        (RADARR, Heard(NOON, knocked_at=NOON - timedelta(hours=1))),
        (replace(RADARR, source="qbittorrent"), Heard()),
    ],
)
def test_what_is_over_or_does_not_call_is_no_finding(upstream: Upstream, heard: Heard) -> None:
    assert of(upstream=upstream, heard=heard) == []


def test_a_wrong_token_is_told_once() -> None:
    assert [each.kind for each in of(problem(ProblemKind.WRONG_TOKEN), heard=Heard(knocked_at=NOON))] == ["wrong_token"]


def test_each_thing_that_broke_is_mended_by_its_button(house: House) -> None:
    radarr = house.upstream("radarr")
    absent = judge(house, radarr, Heard())
    mend(house, radarr, absent[0].remedy)
    house.world.radarr.notifications.clear()
    connection(house.world.radarr, url="http://192.168.1.9/webhooks/radarr", password=TOKEN, off=["onGrab"])
    broken = judge(house, radarr)
    changes = mend(house, radarr, broken[0].remedy)

    assert [each.kind for each in absent] == ["absent"]
    assert [each.kind for each in broken] == ["old_address", "trigger"]
    assert changes[:2] == (
        f"Radarr now calls {house.board}/webhooks/radarr, and no longer 192.168.1.9:80.",
        "Ticked: On Grab.",
    )
    assert judge(house, radarr) == []


def test_a_test_arrives_or_says_why_not(house: House) -> None:
    radarr = house.upstream("radarr")
    mend(house, radarr, Remedy.CONNECT)
    assert mend(house, radarr, Remedy.TEST)[0].startswith("Radarr called us, and its call arrived.")

    house.world.radarr.notifications[5].fields["password"] = "an-old-one"
    with pytest.raises(ClientError, match="a token that does not count any more"):
        mend(house, radarr, Remedy.TEST)
    assert mend(house, radarr, Remedy.NONE) == ()


def test_jellyfins_webhook_is_left_to_a_person(house: House) -> None:
    (found,) = judge(house, house.upstream("jellyfin"), Heard())

    assert (found.kind, found.remedy) == ("absent", Remedy.BY_HAND)


def test_a_service_that_is_not_there_is_asked_no_more(house: House) -> None:
    with serve(lambda _asked: Reply(503)) as web:
        (found,) = judge(house, entered("sonarr", web.url))

    assert (found.kind, len(web.asked)) == ("odd", 1)


def test_a_webhook_that_can_not_be_read_is_no_reason_to_stop(house: House) -> None:
    told = Reply(200, b'{"appName": "Radarr", "version": "6.0.3.10276"}')

    with serve(lambda asked: told if asked.path.endswith("status") else Reply(500)) as web:
        (found,) = judge(house, entered("radarr", web.url))

    assert found.kind == "unread"
