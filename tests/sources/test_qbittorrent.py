"""What qBittorrent's lists of torrents mean; the recorded one is of a real 4.5.2."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaskapp.domain.observation import DownloadPolled, DownloadStage
from flaskapp.sources.qbittorrent import STAGES, ids_of, parse, torrent_id
from tests.sources.samples import AT, PAYLOADS

RECORDED: dict[str, dict[str, Any]] = {
    row["state"]: row for row in json.loads((PAYLOADS / "qbittorrent" / "torrents-4.5.2.json").read_bytes())
}
V1, V2 = "ab" * 20, "cd" * 32
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def polled(state: str, **changes: Any) -> DownloadPolled:
    """Give what a recorded torrent means, after changes; states that were not recorded change the state only."""
    row = {**RECORDED.get(state, RECORDED["downloading"]), "state": state, **changes}
    (observation,) = parse([row], AT)
    return observation


def test_a_running_download_is_read_completely() -> None:
    assert polled("downloading") == DownloadPolled(
        seen_at=AT,
        download_id="e14ac920ff73609be31f2cffdae68add6a27e80d",
        stage=DownloadStage.DOWNLOADING,
        progress=0.557632,
        size=2_000_000,
        size_left=884_736,
        speed=172_201,
        eta=15,
        seeds=1,
        last_byte_at=datetime(2026, 11, 24, 21, 59, 26, tzinfo=UTC),
        availability=1.559999942779541,
        name="Nosferatu.1922.mkv",
    )


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        ("metaDL", DownloadStage.METADATA),
        ("forcedMetaDL", DownloadStage.METADATA),
        ("queuedDL", DownloadStage.QUEUED),
        ("checkingResumeData", DownloadStage.CHECKING),
        ("checkingDL", DownloadStage.CHECKING),
        ("checkingUP", DownloadStage.CHECKING),
        ("allocating", DownloadStage.DOWNLOADING),
        ("downloading", DownloadStage.DOWNLOADING),
        ("forcedDL", DownloadStage.DOWNLOADING),
        ("stalledDL", DownloadStage.STALLED),
        ("pausedDL", DownloadStage.PAUSED),
        ("stoppedDL", DownloadStage.PAUSED),
        ("moving", DownloadStage.MOVING),
        ("uploading", DownloadStage.COMPLETE),
        ("stalledUP", DownloadStage.COMPLETE),
        ("forcedUP", DownloadStage.COMPLETE),
        ("queuedUP", DownloadStage.COMPLETE),
        ("pausedUP", DownloadStage.COMPLETE),
        ("stoppedUP", DownloadStage.COMPLETE),
        ("missingFiles", DownloadStage.MISSING_FILES),
        ("error", DownloadStage.ERROR),
        ("unknown", DownloadStage.UNKNOWN),
        ("someFutureState", DownloadStage.UNKNOWN),
    ],
)
def test_every_state_has_a_stage(state: str, stage: DownloadStage) -> None:
    assert polled(state).stage is stage


def test_every_recorded_state_is_known() -> None:
    assert set(RECORDED) <= set(STAGES)


@pytest.mark.parametrize("state", sorted(set(STAGES) - {"allocating", "downloading", "forcedDL"}))
def test_time_left_and_speed_are_told_only_while_bytes_flow(state: str) -> None:
    observation = polled(state, eta=90, dlspeed=1000)

    assert (observation.eta, observation.speed) == (None, None)


@pytest.mark.parametrize("eta", [8_640_000, 9_000_000, -1, "soon", None])
def test_an_endless_time_left_is_unknown(eta: object) -> None:
    assert polled("downloading", eta=eta).eta is None


def test_nothing_left_before_the_metadata_is_not_complete() -> None:
    magnet = polled("metaDL")

    assert RECORDED["metaDL"]["amount_left"] == 0
    assert (magnet.stage, magnet.progress, magnet.size, magnet.size_left) == (DownloadStage.METADATA, 0.0, None, None)


def test_a_complete_torrent_is_complete_whatever_its_numbers() -> None:
    assert polled("stalledUP", progress=None).progress == 1.0


def test_whole_numbers_stand_for_fractions() -> None:
    observation = polled("moving", progress=1, availability=0)

    assert (observation.progress, observation.availability) == (1.0, 0.0)


def test_an_availability_of_minus_one_is_none() -> None:
    assert polled("downloading", availability=-1).availability is None


def test_missing_progress_is_counted_from_the_bytes() -> None:
    assert polled("downloading", progress=None, size=1000, amount_left=250).progress == 0.75


def test_without_any_number_the_last_truth_stays() -> None:
    assert polled("downloading", progress="a lot", amount_left=None).stage is DownloadStage.UNKNOWN


@pytest.mark.parametrize(("progress", "read"), [(1.7, 1.0), (-0.5, 0.2), (float("nan"), 0.2), (True, 0.2)])
def test_progress_stays_between_nothing_and_all(progress: object, read: float) -> None:
    assert polled("downloading", progress=progress, size=1000, amount_left=800).progress == pytest.approx(read)


def test_a_hybrid_torrent_is_known_by_both_hashes() -> None:
    row = {**RECORDED["downloading"], "hash": V2[:40], "infohash_v1": V1, "infohash_v2": V2}

    (observation,) = parse([row], AT)

    assert (observation.download_id, observation.aliases) == (V2[:40], (V1,))


def test_a_hybrid_magnet_is_listed_under_its_v1_hash_first() -> None:
    assert ids_of({"hash": V1, "infohash_v1": V1, "infohash_v2": V2}) == (V1, V2[:40])


def test_versions_before_4_4_have_one_hash() -> None:
    assert ids_of({"hash": V1}) == (V1,)


@pytest.mark.parametrize("value", [None, 12, "", "SABnzbd_nzo_abc", "ab" * 19, "xy" * 20])
def test_other_clients_ids_are_no_torrents(value: object) -> None:
    assert torrent_id(value) is None


def test_ids_are_lower_case() -> None:
    assert torrent_id(V1.upper()) == V1


def test_an_entry_without_a_usable_hash_is_left_out() -> None:
    assert parse([{**RECORDED["downloading"], "hash": "", "infohash_v1": None}, RECORDED["error"]], AT) == parse(
        [RECORDED["error"]], AT
    )


@pytest.mark.parametrize(("state", "place"), [("queuedDL", 3), ("downloading", None), ("pausedDL", None)])
def test_only_what_waits_in_the_queue_has_a_place_there(state: str, place: int | None) -> None:
    assert polled(state, priority=3).place == place


@pytest.mark.parametrize("priority", [0, -1, None, "soon"])
def test_without_a_queue_there_is_no_place(priority: object) -> None:
    assert polled("queuedDL", priority=priority).place is None


def test_a_stalled_download_says_when_its_last_byte_came() -> None:
    observation = polled("stalledDL", added_on=1_795_557_560, last_activity=1_795_557_566)

    assert observation.last_byte_at == datetime(2026, 11, 24, 21, 59, 26, tzinfo=UTC)


def test_a_download_that_never_got_a_byte_has_no_last_one() -> None:
    assert RECORDED["stalledDL"]["last_activity"] == RECORDED["stalledDL"]["added_on"]
    assert polled("stalledDL").last_byte_at is None


@pytest.mark.parametrize("never", [0, -1, 18_000, 946_684_800, 4_294_967_295, 2**63, None, "yesterday"])
def test_never_is_spelled_in_many_ways(never: object) -> None:
    assert polled("stalledDL", last_activity=never).last_byte_at is None


def test_what_is_seeded_has_no_last_byte() -> None:
    assert polled("stalledUP", last_activity=1_795_557_599).last_byte_at is None


@given(st.dictionaries(st.sampled_from(sorted(RECORDED["downloading"])), JSON))
def test_odd_fields_never_raise(odd: dict[str, Any]) -> None:
    for observation in parse([{**RECORDED["downloading"], **odd}], AT):
        assert 0 <= observation.progress <= 1
        assert observation.eta is None or 0 <= observation.eta < 8_640_000
