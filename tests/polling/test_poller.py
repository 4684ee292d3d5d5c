"""One tick at a time against a client that answers as it is told."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.observation import DownloadGone, DownloadPolled, DownloadStage
from flaskapp.domain.origin import Origin
from flaskapp.polling.missing import TrackedDownload
from flaskapp.polling.poller import IDLE, UNWATCHED, Poller
from flaskapp.polling.whereabouts import Whereabouts
from tests.polling.qbittorrent import V1, V2, FakeClient, torrent
from tests.polling.record import CLIENT, Record, at

INTERVAL = 2.0


def download(*aliases: str, pk: int = 1, speaker: str | None = CLIENT.name) -> TrackedDownload:
    return TrackedDownload(pk, aliases or (V1,), speaker)


@dataclass
class Scene:
    client: FakeClient
    record: Record
    tracked: list[TrackedDownload]
    interval: float = INTERVAL

    def __post_init__(self) -> None:
        self.poller = Poller(
            CLIENT, self.client, Whereabouts([CLIENT.name], lambda: self.tracked), self.record.outlet, self.interval
        )

    def tick(self, seconds: float) -> float:
        return self.poller.tick(at(seconds))

    def polled(self) -> list[DownloadPolled]:
        return self.record.heard(DownloadPolled)

    def gone(self) -> list[DownloadGone]:
        return self.record.heard(DownloadGone)


@pytest.fixture
def scene(record: Record) -> Scene:
    record.signals.watch(+1)
    return Scene(FakeClient([torrent()]), record, [download()])


def test_it_asks_for_what_is_followed_and_hands_it_on(scene: Scene) -> None:
    scene.client.rows.append(torrent(V2))

    pause = scene.tick(0)

    assert pause == INTERVAL
    assert scene.client.asked == [[V1]]
    (batch, origin) = scene.record.batches[0]
    assert origin == Origin("qbittorrent", "qbittorrent", is_4k=False, now=at(0))
    (polled,) = scene.polled()
    assert batch == [polled]
    assert (polled.download_id, polled.stage, polled.seen_at) == (V1, DownloadStage.DOWNLOADING, at(0))


def test_what_did_not_change_is_not_handed_on_but_refreshed_after_a_while(scene: Scene) -> None:
    for second in range(0, 13, 2):
        scene.tick(second)

    assert [polled.seen_at for polled in scene.polled()] == [at(0), at(10)]


def test_only_the_download_that_moved_is_handed_on(scene: Scene) -> None:
    scene.client.rows.append(torrent(V2))
    scene.tracked.append(download(V2, pk=2))
    scene.tick(0)

    scene.client.rows[1] = torrent(V2, progress=0.6)
    scene.tick(2)

    assert [polled.download_id for polled in scene.polled()] == [V1, V2, V2]
    assert scene.client.asked == [[V1, V2], [V1, V2]]


def test_a_download_without_bytes_for_a_while_stalls(scene: Scene) -> None:
    for second in range(0, 33, 2):
        scene.tick(second)

    assert [polled.stage for polled in scene.polled()][-1] is DownloadStage.STALLED


def test_a_torrent_that_nobody_asked_for_is_left_out(scene: Scene) -> None:
    scene.client.torrents = lambda ids: [torrent(), torrent(V2)]  # type: ignore[method-assign]

    scene.tick(0)

    assert [polled.download_id for polled in scene.polled()] == [V1]


def test_it_is_slower_while_nobody_watches(scene: Scene) -> None:
    scene.record.signals.watch(-1)

    assert scene.tick(0) == UNWATCHED


def test_a_slow_interval_stays_slow_while_nobody_watches(record: Record) -> None:
    assert Scene(FakeClient([torrent()]), record, [download()], interval=200).tick(0) == 200


def test_without_anything_to_follow_it_only_looks_whether_the_client_lives(scene: Scene) -> None:
    scene.tracked.clear()

    assert scene.tick(0) == IDLE
    assert scene.tick(20) == IDLE - 20
    assert scene.tick(IDLE) == IDLE

    assert scene.client.asked == ["version", "version"]
    assert scene.record.batches == []
    assert scene.record.signals.contacts["qBittorrent"].last_contact_at == at(IDLE)


def test_ids_of_other_kinds_of_clients_are_not_asked_for(scene: Scene) -> None:
    scene.tracked[:] = [download("sabnzbd_nzo_abc"), download("made-up", V1, pk=2)]

    scene.tick(0)

    assert scene.client.asked == [[V1]]


def test_a_grab_is_polled_at_once_while_idle(scene: Scene) -> None:
    scene.tracked.clear()
    scene.tick(0)

    scene.tracked.append(download())
    scene.tick(INTERVAL)

    assert scene.client.asked == ["version", [V1]]


def test_a_grab_right_after_another_wake_up_is_polled_a_moment_later(scene: Scene) -> None:
    tracked, scene.tracked = scene.tracked, []
    scene.tick(0)
    assert scene.tick(20) == IDLE - 20
    scene.tracked = tracked

    pause = scene.tick(20.25)

    assert pause == 0.75
    scene.tick(20.25 + pause)
    assert [each.seen_at for each in scene.polled()] == [at(21)]


def test_a_storm_of_wake_ups_is_no_storm_of_questions(scene: Scene) -> None:
    pauses = [scene.tick(0.1 * step) for step in range(20)]

    assert len(scene.client.asked) == 1
    assert pauses[1:] == pytest.approx([INTERVAL - 0.1 * step for step in range(1, 20)])


def test_a_clock_that_is_set_back_does_not_stop_it(scene: Scene) -> None:
    scene.tick(3600)

    scene.tick(0)

    assert len(scene.client.asked) == 2


def test_a_client_that_is_down_is_noted_and_left_alone_for_longer_and_longer(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.tick(0)
    scene.client.fails = ClientError("qBittorrent can't be reached.")

    second, pauses = 2.0, []
    for _ in range(12):
        pauses.append(scene.tick(second))
        second += pauses[-1]

    assert all(INTERVAL <= pause <= IDLE for pause in pauses)
    assert max(pauses) > 5 * INTERVAL
    contact = scene.record.signals.contacts["qBittorrent"]
    assert (contact.last_contact_at, contact.last_error) == (at(0), "qBittorrent can't be reached.")
    assert len(scene.polled()) == 1  # the last truth stays as it is
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


def test_a_wake_up_does_not_cut_the_patience_short(scene: Scene) -> None:
    scene.client.fails = ClientError("qBittorrent can't be reached.")
    pause = scene.tick(0)

    assert scene.tick(pause / 2) == pytest.approx(pause / 2)
    assert len(scene.client.asked) == 1


def test_a_client_that_is_back_is_asked_as_before(scene: Scene) -> None:
    scene.client.fails = ClientError("qBittorrent can't be reached.")
    pause = scene.tick(0)
    scene.client.fails = None

    assert scene.tick(pause) == INTERVAL
    assert scene.record.signals.contacts["qBittorrent"].last_error is None


def test_a_record_that_fails_hears_the_same_again(scene: Scene) -> None:
    scene.record.fails = RuntimeError("locked")
    with pytest.raises(RuntimeError):
        scene.tick(0)
    scene.record.fails = None

    scene.tick(2)

    assert len(scene.polled()) == 1


def test_a_hybrid_torrent_is_found_under_its_other_id(scene: Scene) -> None:
    scene.client.rows = [torrent(V2, infohash_v1=V1, infohash_v2="cd" * 32)]

    scene.tick(0)

    assert scene.client.asked == [[V1], "all"]
    (polled,) = scene.polled()
    assert (polled.download_id, polled.aliases) == (V2, (V1,))

    scene.tracked[:] = [download(V1, V2)]
    scene.tick(2)
    assert scene.client.asked[2:] == [[V1, V2]]


def test_the_whole_list_is_asked_for_at_most_once_a_minute(scene: Scene) -> None:
    scene.client.rows.clear()
    scene.tracked[:] = [download(speaker=None)]

    for second in range(0, 60, 2):
        scene.tick(second)

    assert scene.client.asked.count("all") == 1
    scene.tick(60)
    assert scene.client.asked.count("all") == 2


def test_a_removed_torrent_is_gone_after_a_minute_and_is_told_so_once(scene: Scene) -> None:
    scene.tick(0)
    scene.client.rows.clear()

    for second in range(2, 62, 2):
        scene.tick(second)
    assert scene.gone() == []
    scene.tick(62)

    assert scene.gone() == [DownloadGone(seen_at=at(62), download_id=V1)]
    scene.tracked.clear()
    for second in range(64, 400, 2):
        scene.tick(second)
    assert len(scene.gone()) == 1


def test_a_download_that_the_client_never_had_is_never_gone(scene: Scene) -> None:
    scene.client.rows.clear()
    scene.tracked[:] = [download(speaker=None)]

    for second in range(0, 3600, 2):
        scene.tick(second)

    assert scene.gone() == []


def test_a_client_that_is_down_makes_nothing_gone(scene: Scene) -> None:
    scene.tick(0)
    scene.client.fails = ClientError("qBittorrent can't be reached.")
    for second in range(2, 3600, 2):
        scene.tick(second)
    scene.client.fails = None
    scene.client.rows.clear()

    scene.tick(3600)

    assert scene.gone() == []


def test_a_look_that_fails_does_not_disturb_what_is_there(scene: Scene) -> None:
    scene.tracked.append(download(V2, pk=2))
    scene.client.fails_at_all = ClientError("qBittorrent does not answer in time.")

    for second in range(0, 300, 2):
        assert scene.tick(second) == INTERVAL

    assert {polled.download_id for polled in scene.polled()} == {V1}
    assert scene.gone() == []
