"""Why a card waits: each row of the table is told in time, not before, and with the right words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flaskapp.domain.trouble import RANK, TroubleKind, Who
from flaskapp.domain.trouble_kind import ESCALATION, HELD_PATIENCE, PATIENCE
from tests.domain.cases import at, look
from tests.domain.download_rows import CLIENT, QUEUE
from tests.domain.trouble_rows import WAITING, WORDS, Row

TABLE = [*WORDS, *WAITING, *CLIENT, *QUEUE]
AN_INSTANT = timedelta(microseconds=1)
OWN_PATIENCE = {"held back": HELD_PATIENCE, "complete, and it left the queue": timedelta()}
"""What is not told with the patience of its kind."""


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_card_says_why_it_waits(row: Row) -> None:
    trouble = look(row.request, row.facts, at(row.since) + max(PATIENCE[row.kind], HELD_PATIENCE)).trouble

    assert trouble is not None
    assert (trouble.kind, trouble.since, trouble.who) == (row.kind, at(row.since), row.who)
    assert trouble.sentence == row.sentence
    assert trouble.items == ()


def test_every_kind_is_told_by_some_facts() -> None:
    assert {row.kind for row in TABLE} == set(TroubleKind) == set(PATIENCE) == set(RANK)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_it_is_told_when_its_patience_ends_and_not_before(row: Row) -> None:
    told_at = at(row.since) + OWN_PATIENCE.get(row.known, PATIENCE[row.kind])

    before, after = (look(row.request, row.facts, now) for now in (told_at - AN_INSTANT, told_at))

    assert before.look_at == told_at
    assert before.trouble is None or before.trouble.kind is not row.kind
    assert after.trouble is not None
    assert after.trouble.kind is row.kind


@pytest.mark.parametrize("row", [row for row in TABLE if row.kind in ESCALATION and row.who is Who.NOBODY], ids=str)
def test_what_does_not_pass_waits_for_the_admin_in_the_end(row: Row) -> None:
    late_at = at(row.since) + ESCALATION[row.kind]

    before, after = (look(row.request, row.facts, now) for now in (late_at - AN_INSTANT, late_at))

    assert before.look_at == late_at
    assert before.trouble is not None
    assert before.trouble.who is Who.NOBODY
    assert after.trouble is not None
    assert (after.trouble.kind, after.trouble.who, after.trouble.since) == (row.kind, Who.ADMIN, at(row.since))
    assert row.kind is TroubleKind.CLIENT_UNAVAILABLE or after.trouble.sentence != row.sentence
