"""Two download clients: one speaks for what both have, and only what both have lost is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.observation import DownloadGone, DownloadPolled, Observation
from flaskapp.domain.origin import Origin
from flaskapp.polling.missing import TrackedDownload
from flaskapp.polling.outlet import Outlet
from flaskapp.polling.poller import Poller
from flaskapp.polling.whereabouts import Whereabouts
from flaskapp.signals import Signals
from tests.polling.qbittorrent import V1, V2, FakeClient, torrent
from tests.polling.record import CLIENT, at

HOME, VPN = CLIENT, replace(CLIENT, instance="vpn", name="qBittorrent VPN")
NAMES = (HOME.name, VPN.name)
DOWN = ClientError("It can't be reached.")
STEP = 2
LONG = 600


@dataclass
class House:
    """Two clients and a record that remembers who spoke last, as the real one does; a second is two ticks."""

    tracked: list[TrackedDownload]
    home: FakeClient = field(default_factory=FakeClient)
    vpn: FakeClient = field(default_factory=FakeClient)
    heard: list[tuple[str, Observation]] = field(default_factory=list)
    second: int = 0

    def __post_init__(self) -> None:
        self.signals = Signals()
        self.signals.watch(+1)
        self.start()

    def start(self, *names: str) -> None:
        """Make all loops anew: after a restart, or since there are other clients (these ``names``) from now on."""
        whereabouts = Whereabouts(names or NAMES, lambda: self.tracked)
        outlet = Outlet(self.ingest, self.signals)
        pairs = ((HOME, self.home), (VPN, self.vpn))
        self.pollers = [
            Poller(upstream, client, whereabouts, outlet, STEP)
            for upstream, client in pairs
            if upstream.name in (names or NAMES)
        ]

    def run(self, seconds: int, *, vpn_first: bool = False) -> None:
        """Let time go by."""
        for _ in range(0, seconds, STEP):
            self.second += STEP
            for poller in reversed(self.pollers) if vpn_first else self.pollers:
                poller.tick(at(self.second))

    def ingest(self, observations: Sequence[Observation], origin: Origin) -> None:
        for each in observations:
            self.heard.append((origin.instance, each))
            if isinstance(each, DownloadPolled):
                ids = {each.download_id, *each.aliases}
                self.tracked = [row if ids.isdisjoint(row.aliases) else _said(row, each) for row in self.tracked]
            elif isinstance(each, DownloadGone):
                self.tracked = [row for row in self.tracked if each.download_id not in row.aliases]

    def gone(self) -> list[str]:
        return [each.download_id for _, each in self.heard if isinstance(each, DownloadGone)]

    def speakers(self) -> list[str]:
        """Give whose word was taken, each change of it once."""
        said = [instance for instance, each in self.heard if isinstance(each, DownloadPolled)]
        return [who for number, who in enumerate(said) if number == 0 or said[number - 1] != who]


def _said(row: TrackedDownload, polled: DownloadPolled) -> TrackedDownload:
    return replace(row, speaker=polled.client, aliases=tuple({*row.aliases, polled.download_id, *polled.aliases}))


@pytest.fixture
def house() -> House:
    """Follow a download that the client at home has."""
    return House([TrackedDownload(1, (V1,))], FakeClient([torrent()]))


def test_what_one_client_has_is_not_gone_from_another_and_not_looked_for_there(house: House) -> None:
    house.run(LONG)

    assert (house.gone(), house.speakers()) == ([], ["qbittorrent"])
    assert "all" not in house.vpn.asked


@pytest.mark.parametrize("vpn_first", [False, True])
def test_a_new_download_is_looked_for_by_nobody_where_one_has_it(house: House, *, vpn_first: bool) -> None:
    house.run(10, vpn_first=vpn_first)

    house.home.rows.append(torrent(V2))
    house.tracked.append(TrackedDownload(2, (V2,)))
    house.run(LONG, vpn_first=vpn_first)

    assert "all" not in [*house.vpn.asked, *house.home.asked]


def test_what_no_client_has_any_more_is_gone(house: House) -> None:
    house.run(10)

    house.home.rows.clear()
    house.run(60)
    assert house.gone() == []
    house.run(30)

    assert house.gone() == [V1]


@pytest.mark.parametrize("down", ["home", "vpn"])
def test_a_client_that_is_down_keeps_all_questions_open(house: House, down: str) -> None:
    house.run(10)
    silent: FakeClient = getattr(house, down)

    house.home.rows.clear()
    silent.fails = DOWN
    house.run(LONG)
    assert house.gone() == []
    silent.fails = None
    house.run(180)

    assert house.gone() == [V1]


def test_a_client_that_goes_down_after_it_was_asked_proves_nothing_any_more(house: House) -> None:
    house.run(10)
    house.home.rows.clear()
    house.run(4)
    house.home.fails = DOWN
    house.run(LONG)  # by now the other one has been asked often enough

    house.home.fails, house.vpn.fails = None, DOWN
    house.run(LONG)

    assert house.gone() == []


def test_a_client_that_never_answered_keeps_all_questions_open(house: House) -> None:
    house.vpn.fails = DOWN
    house.run(10)

    house.home.rows.clear()
    house.run(LONG)

    assert house.gone() == []


@pytest.mark.parametrize("vpn_first", [False, True])
def test_of_two_that_have_it_the_first_one_speaks(house: House, *, vpn_first: bool) -> None:
    house.vpn.rows.append(torrent(state="stalledUP", progress=1))

    house.run(LONG, vpn_first=vpn_first)

    assert house.speakers() == ["vpn" if vpn_first else "qbittorrent"]


def test_who_spoke_before_a_restart_speaks_after_it(house: House) -> None:
    house.run(10)
    house.vpn.rows.append(torrent(state="stalledUP", progress=1))

    house.start()
    house.run(LONG, vpn_first=True)

    assert house.speakers() == ["qbittorrent"]


def test_what_moves_to_another_client_is_never_gone_and_that_one_speaks_from_then_on(house: House) -> None:
    house.run(10)

    house.vpn.rows, house.home.rows = house.home.rows, []
    house.run(LONG)
    assert (house.gone(), house.speakers()) == ([], ["qbittorrent", "vpn"])
    house.home.rows.append(torrent(state="stalledUP", progress=1))
    house.run(LONG)

    assert (house.gone(), house.speakers()) == ([], ["qbittorrent", "vpn"])


def test_one_that_restarts_and_lists_nothing_for_a_moment_goes_on_speaking(house: House) -> None:
    house.vpn.rows.append(torrent(state="stalledUP", progress=1))
    house.run(10)

    rows, house.home.rows = house.home.rows, []
    house.run(20)
    house.home.rows = rows
    house.run(LONG)

    assert house.speakers() == ["qbittorrent"]


def test_while_the_speaker_is_down_the_last_truth_stays(house: House) -> None:
    house.vpn.rows.append(torrent(state="stalledUP", progress=1))
    house.run(10)

    house.home.fails = DOWN
    house.run(LONG)

    assert house.speakers() == ["qbittorrent"]


def test_what_a_client_had_that_was_removed_is_not_gone(house: House) -> None:
    house.run(10)

    house.start(VPN.name)
    house.run(LONG)

    assert house.gone() == []


def test_after_a_client_was_removed_another_one_speaks_for_what_it_has(house: House) -> None:
    house.run(10)
    house.vpn.rows.append(torrent())

    house.start(VPN.name)
    house.run(10)
    house.vpn.rows.clear()
    house.run(LONG)

    assert (house.speakers(), house.gone()) == (["qbittorrent", "vpn"], [V1])


def test_a_client_that_came_later_is_asked_before_anything_is_gone(house: House) -> None:
    house.start(HOME.name)
    house.run(10)
    house.vpn.rows, house.home.rows = house.home.rows, []

    house.run(40)
    house.start()
    house.run(LONG)

    assert (house.gone(), house.speakers()) == ([], ["qbittorrent", "vpn"])


def test_a_hybrid_torrent_is_found_in_the_client_that_has_it_under_its_other_id(house: House) -> None:
    house.home.rows.clear()
    house.vpn.rows.append(torrent(V2, infohash_v1=V1))

    house.run(10)

    assert house.speakers() == ["vpn"]
    assert set(house.tracked[0].aliases) == {V1, V2}


def test_each_client_is_asked_at_the_interval(house: House) -> None:
    house.run(20)

    assert house.home.asked == house.vpn.asked == [[V1]] * 10


def test_with_nothing_to_follow_each_gives_a_sign_of_life_a_minute(house: House) -> None:
    house.tracked.clear()

    house.run(120)

    assert house.home.asked == house.vpn.asked == ["version"] * 2
