"""Draws lives: a few titles, what people do with them, and what goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from hypothesis import strategies as st

from demo.servarr.model import QUALITIES, TORRENT, USENET, Key
from demo.titles import LANTERN
from tests.laws import download_steps, steps
from tests.laws.download_steps import CONDITIONS, Offered
from tests.laws.steps import Step, Wait

Life = list[Step | Wait]
FILMS = ("metropolis", "nosferatu")
SERIES = (LANTERN.slug,)
FILMS_TWICE = ("metropolis", "metropolis 4K")
SERIES_TWICE = (LANTERN.slug, f"{LANTERN.slug} 4K")
DUST = 20
"""Seconds until Jellyfin has noticed what came and went, and Seerr what Jellyfin shows."""
COUNTS = (0, 1, 2, 3, 4, 5, 6, 4, 5, 6)
"""How much happens after somebody has asked: long lives are rich, and shrink to short ones."""


@st.composite
def lives(draw: st.DrawFn, titles: Sequence[str]) -> Life:
    """Draw the life of one or two titles that somebody asks for."""
    chosen = draw(st.lists(st.sampled_from(titles), min_size=1, max_size=2, unique=True))
    life: Life = [each for title in chosen for each in draw(_beginning(title))]
    for _ in range(draw(st.sampled_from(COUNTS))):
        life += [draw(_happening(draw(st.sampled_from(chosen)))), Wait(draw(st.sampled_from([0, 2, 10, 45])))]
    return [*life, Wait(DUST)]


@st.composite
def _beginning(draw: st.DrawFn, title: str) -> Life:
    """Let nearly everything be found: a life in which nothing arrives teaches little."""
    life: Life = [draw(_offer(title))] if draw(st.sampled_from([True, True, True, False])) else []
    return [*life, draw(_ask(title)), Wait(draw(st.sampled_from([0, 5, 20, 60, 60])))]


@cache
def _happening(title: str) -> st.SearchStrategy[Step]:
    this = st.just(title)
    return st.one_of(_offer(title), _ask(title), _of_requests(this), _of_files(this), _of_downloads(this))


def _of_requests(this: st.SearchStrategy[str]) -> st.SearchStrategy[Step]:
    return st.one_of(
        *(st.builds(kind, this) for kind in (steps.Approved, steps.Declined, steps.Pended, steps.RequestDeleted)),
        st.builds(download_steps.Refusing, this, st.booleans()),
    )


def _of_files(this: st.SearchStrategy[str]) -> st.SearchStrategy[Step]:
    kinds = (steps.FileWiped, steps.Rescanned, steps.NoticesLost, steps.NotShown, steps.ShownAnew)
    return st.one_of(
        *(st.builds(kind, this) for kind in kinds),
        st.builds(steps.FileDeleted, this, st.sampled_from(["manual", "missingFromDisk"])),
        st.builds(steps.TitleDeleted, this, st.booleans()),
        st.builds(steps.Monitored, this, st.booleans()),
    )


def _of_downloads(this: st.SearchStrategy[str]) -> st.SearchStrategy[Step]:
    kinds = (download_steps.Searched, download_steps.Vanished, download_steps.ImportedByHand)
    return st.one_of(
        *(st.builds(kind, this) for kind in kinds),
        st.builds(download_steps.TorrentIs, this, st.sampled_from(list(CONDITIONS))),
        st.builds(download_steps.JobIs, this, st.booleans()),
        st.builds(download_steps.Seeded, this, st.sampled_from([0, 6])),
        st.builds(download_steps.QueueLeft, this, st.sampled_from(["failed", "ignored", "removed"])),
        st.builds(download_steps.Delayed, this, st.sampled_from([0, 20, 100_000])),
        st.builds(download_steps.PathIs, this, st.booleans()),
    )


@cache
def _ask(title: str) -> st.SearchStrategy[Step]:
    seasons = st.sampled_from([(1,), (2,), (1, 2)] if title.startswith(LANTERN.slug) else [()])
    return st.builds(steps.Asked, st.just(title), st.sampled_from(["chiara", "chiara", "chiara", "anna"]), seasons)


@cache
def _offer(title: str) -> st.SearchStrategy[Step]:
    return st.builds(
        Offered,
        st.just(title),
        quality=st.sampled_from(["WEBDL-1080p", *QUALITIES]),
        seconds=st.sampled_from([10, 40, 4000]),
        group=st.sampled_from(["ONE", "TWO"]),
        protocol=st.sampled_from([TORRENT, TORRENT, USENET]),
        clear=st.sampled_from([True, True, True, False]),
        keys=st.sampled_from(PACKS) if title.startswith(LANTERN.slug) else st.just(()),
    )


PACKS: list[tuple[Key, ...]] = [tuple(episode.key for episode in LANTERN.of(season)) for season in LANTERN.seasons]
PACKS += [((1, 1),), ((2, 1),), ((2, 4),)]
