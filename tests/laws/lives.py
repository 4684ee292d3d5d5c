"""Draws lives: a few titles, what people do with them, and what goes wrong."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from demo.servarr.model import QUALITIES, Key
from demo.titles import LANTERN, TITLES, Series
from tests.laws import steps
from tests.laws.steps import Step, Wait

Life = list[Step | Wait]
FILMS = ("metropolis", "nosferatu")
MOST = 8
"""Steps after the first two: longer lives find nothing that a short one does not."""


@st.composite
def lives(draw: st.DrawFn, slugs: Sequence[str]) -> Life:
    """Draw the life of one or two titles that somebody asks for."""
    chosen = draw(st.lists(st.sampled_from(slugs), min_size=1, max_size=2, unique=True))
    happenings = st.sampled_from(chosen).flatmap(_happening)
    life: Life = [each for slug in chosen for each in draw(_beginning(slug))]
    for happening in draw(st.lists(happenings, max_size=MOST)):
        life += [happening, Wait(draw(st.sampled_from([0, 2, 10, 45])))]
    return life


@st.composite
def _beginning(draw: st.DrawFn, slug: str) -> Life:
    """Let nearly everything be found and asked for: a life in which nobody asks teaches nothing."""
    life: Life = [draw(_offer(slug))] if draw(st.integers(0, 5)) else []
    return [*life, draw(_ask(slug)), Wait(draw(st.sampled_from([20, 5, 0, 60])))]


def _happening(slug: str) -> st.SearchStrategy[Step]:
    return st.one_of(
        _offer(slug),
        _ask(slug),
        *(
            st.builds(kind, st.just(slug))
            for kind in (
                *(steps.Approved, steps.Declined, steps.RequestDeleted, steps.Searched, steps.Broken),
                *(steps.Stopped, steps.TorrentRemoved, steps.ImportedByHand, steps.TitleDeleted),
            )
        ),
        st.builds(steps.Refusing, st.just(slug), st.booleans()),
        st.builds(steps.Seeded, st.just(slug), st.sampled_from([0, 6])),
        st.builds(steps.FileDeleted, st.just(slug), st.sampled_from(["manual", "missingFromDisk"])),
    )


def _ask(slug: str) -> st.SearchStrategy[Step]:
    title = TITLES[slug]
    seasons = st.sampled_from([(1,), (2,), (1, 2)] if isinstance(title, Series) else [()])
    return st.builds(steps.Asked, st.just(slug), st.sampled_from(["chiara", "anna"]), seasons)


def _offer(slug: str) -> st.SearchStrategy[Step]:
    return st.builds(
        steps.Offered,
        st.just(slug),
        quality=st.sampled_from(["WEBDL-1080p", *QUALITIES]),
        seconds=st.sampled_from([10, 40, 4000]),
        group=st.sampled_from(["ONE", "TWO"]),
        keys=_carried(slug),
        clear=st.sampled_from([True, True, True, False]),
    )


def _carried(slug: str) -> st.SearchStrategy[tuple[Key, ...]]:
    title = TITLES[slug]
    if not isinstance(title, Series):
        return st.just(())
    packs = [tuple(episode.key for episode in LANTERN.of(season)) for season in LANTERN.seasons]
    return st.sampled_from([*packs, ((1, 1),), ((2, 1),), ((2, 4),)])
