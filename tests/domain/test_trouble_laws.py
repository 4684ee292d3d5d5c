"""What holds of troubles whatever is known: time alone changes them only when they said so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from flaskapp.domain.facts import (
    DownloadFact,
    DropFact,
    EntryFact,
    FileFact,
    GrabFact,
    HeldFact,
    ItemFact,
    ListingFact,
    MediaFacts,
    RequestFact,
    SearchFact,
    ShownFact,
)
from flaskapp.domain.house import Cause, CauseKind
from flaskapp.domain.observation import DownloadStage, FileDeath, MediaType
from flaskapp.domain.queue import Dropping, Hold, Protocol, QueueStage
from tests.domain.cases import FILM, at, look

TORRENT_WORDS = ("torrent", "peer", "seed", "magnet")
EPISODES = ((2, 1), (2, 2), (2, 3))
MOMENTS = st.integers(0, 2000).map(at)
MAYBE = st.none() | MOMENTS
RARELY = st.sampled_from((None,) * 6 + (at(30), at(900)))
YES_NO_UNKNOWN = st.sampled_from((None, True, False))
ENTRIES = st.builds(
    EntryFact,
    pk=st.integers(1, 3),
    is_4k=st.sampled_from((False,) * 6 + (True,)),
    deleted_at=RARELY,
    files_deleted=st.booleans(),
    read_at=MAYBE,
    monitored=YES_NO_UNKNOWN,
    is_released=YES_NO_UNKNOWN,
    release_at=MAYBE,
    searched_at=MAYBE,
)
LISTINGS = st.builds(
    ListingFact,
    stage=st.sampled_from(QueueStage),
    since=MOMENTS,
    seen_at=MOMENTS,
    protocol=st.sampled_from(Protocol),
    progress=st.none() | st.floats(0, 1),
)
DOWNLOADS = st.builds(
    DownloadFact,
    pk=st.integers(1, 4),
    aliases=st.sampled_from("abcd").map(lambda alias: frozenset({alias})),
    grabbed_at=MOMENTS,
    stage=st.none() | st.sampled_from(DownloadStage),
    stage_since=MAYBE,
    place=st.none() | st.integers(1, 9),
    last_byte_at=MAYBE,
    gone_at=RARELY,
    listing=st.none() | LISTINGS,
    drop=RARELY.flatmap(
        lambda when: st.builds(DropFact, st.sampled_from(Dropping), st.just(when)) if when else st.none()
    ),
    blocked_at=RARELY,
)
REQUESTS = st.builds(
    RequestFact,
    is_4k=st.sampled_from((False,) * 6 + (True,)),
    seasons=st.none() | st.just(frozenset({2})),
    pending_at=MOMENTS,
    approved_at=st.just(at(5)) | MAYBE,
    failed_at=RARELY,
    completed_at=RARELY,
    vanished_at=RARELY,
)


@st.composite
def facts(draw: st.DrawFn) -> MediaFacts:
    """Draw what may be known of a film or of a season with up to three episodes."""
    media_type = draw(st.sampled_from(MediaType))
    keys = EPISODES if media_type is MediaType.TV else (FILM,)
    some = st.frozensets(st.sampled_from(keys), min_size=1)
    entries = draw(st.lists(ENTRIES, min_size=1, max_size=2))
    entry = st.sampled_from(entries)
    death = st.none() | st.sampled_from(FileDeath)
    item = st.builds(ItemFact, st.sampled_from(keys), air_at=MAYBE, aired=YES_NO_UNKNOWN)
    searches = st.builds(SearchFact, entry, st.sampled_from(keys), st.booleans(), MAYBE)
    files = st.builds(FileFact, entry, st.integers(1, 5), some, MOMENTS, death=death, died_at=MAYBE, read_at=MAYBE)
    held = st.builds(HeldFact, entry, st.sampled_from(keys), st.sampled_from(Hold), MOMENTS, MAYBE)
    return MediaFacts(
        media_type,
        items=tuple(draw(st.lists(item, max_size=3, unique_by=lambda fact: fact.key))),
        entries=tuple(entries),
        files=tuple(draw(st.just([]) | st.lists(files, max_size=2))),
        grabs=tuple(draw(st.lists(st.builds(GrabFact, entry, DOWNLOADS, some), max_size=4))),
        held=tuple(draw(st.lists(held, max_size=2))),
        searches=tuple(draw(st.lists(searches, max_size=3))),
        shown=tuple(draw(st.just([]) | st.lists(st.builds(ShownFact, some, MAYBE), max_size=1))),
        list_read=draw(st.booleans()),
        has_library=draw(st.booleans()),
    )


CAUSES = st.lists(st.builds(Cause, st.sampled_from(CauseKind), st.sampled_from(("Radarr", "Sonarr 4K")), MOMENTS))


@settings(max_examples=250)
@given(REQUESTS, facts(), CAUSES, MOMENTS, st.integers(0, 999))
def test_nothing_changes_before_the_moment_that_was_named(
    request: RequestFact, known: MediaFacts, causes: list[Cause], now: datetime, share: int
) -> None:
    outlook = look(request, known, now, *causes)
    until = outlook.look_at or now + timedelta(days=400)

    assert until > now
    assert look(request, known, now + (until - now) * share // 1000, *causes).trouble == outlook.trouble
    look(request, known, until, *causes)


@settings(max_examples=250)
@given(REQUESTS, facts(), MOMENTS)
def test_a_trouble_has_begun_and_waits_for_what_is_to_come(
    request: RequestFact, known: MediaFacts, now: datetime
) -> None:
    trouble = look(request, known, now).trouble

    if trouble is not None:
        assert trouble.since <= now
        assert trouble.until is None or trouble.until > now
        assert set(trouble.items) <= {item.key for item in known.items}
        assert "{" not in trouble.sentence


@settings(max_examples=250)
@given(REQUESTS, facts(), MOMENTS)
def test_usenet_knows_no_torrents(request: RequestFact, known: MediaFacts, now: datetime) -> None:
    trouble = look(request, replace(known, grabs=tuple(map(as_usenet, known.grabs))), now).trouble

    assert trouble is None or not any(word in trouble.sentence.lower() for word in TORRENT_WORDS)


def as_usenet(grab: GrabFact) -> GrabFact:
    listing = grab.download.listing or ListingFact(QueueStage.DOWNLOADING, at(0), at(0))
    return replace(grab, download=replace(grab.download, listing=replace(listing, protocol=Protocol.USENET)))
