"""Which torrents are asked for, and how old the list may be."""

from __future__ import annotations

import pytest

from flaskapp.polling.followed import LOOK_UP, Followed
from flaskapp.polling.missing import TrackedDownload
from tests.polling.record import at

V1 = "ab" * 20


def test_only_what_can_be_a_torrent_is_asked_for() -> None:
    usenet, both = TrackedDownload(1, ("SABnzbd_nzo_1",)), TrackedDownload(2, ("x", V1), "qBittorrent")

    assert Followed(lambda: [usenet, both]).at(at(0)) == [TrackedDownload(2, (V1,), "qBittorrent")]


@pytest.mark.parametrize(("seconds", "looks"), [(0.1, 1), (LOOK_UP.total_seconds(), 2), (-1, 2)])
def test_the_list_is_looked_up_again_when_it_is_old(seconds: float, looks: int) -> None:
    looked: list[int] = []
    followed = Followed(lambda: looked.append(1) or [])  # type: ignore[func-returns-value]  # one look, one entry
    followed.at(at(0))

    followed.at(at(seconds))

    assert len(looked) == looks
