"""The timeline as people read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flaskapp.domain.state import State
from flaskapp.models import Change
from flaskapp.tracking.reason import INQUIRIES
from flaskapp.tracking.said import GOES_ON
from flaskapp.views.steps import Attempt, attempts

NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def change(minute: int, reason: str, to: State, before: State | None = None, kind: str = "state") -> Change:
    at = NOON + timedelta(minutes=minute)
    return Change(kind=kind, from_state=before, to_state=to, source="radarr", reason=reason, occurred_at=at)


def told(attempt: Attempt) -> list[str]:
    return [step.change.reason for step in attempt.steps]


def test_what_says_the_same_in_a_row_is_one_step() -> None:
    changes = [change(minute, "The download is paused", State.DOWNLOADING, kind="trouble") for minute in (1, 2, 3)]

    [attempt] = attempts([change(0, "The download runs", State.DOWNLOADING), *changes])

    newest = attempt.steps[0]
    assert told(attempt) == ["The download is paused", "The download runs"]
    assert (newest.times, newest.change.occurred_at, newest.last_at) == (
        3,
        changes[0].occurred_at,
        changes[2].occurred_at,
    )


def test_that_it_goes_on_is_said_only_after_something_held_it_up() -> None:
    goes_on = change(3, GOES_ON, State.DOWNLOADING, kind="trouble")
    approved = change(0, "Approved", State.APPROVED)

    assert told(attempts([approved, goes_on])[0]) == ["Approved"]

    held_up = change(2, "The download is paused", State.DOWNLOADING, kind="trouble")
    assert told(attempts([approved, held_up, goes_on])[0]) == [GOES_ON, "The download is paused", "Approved"]


def test_an_attempt_ends_with_the_step_that_says_why_it_came_to_nothing() -> None:
    first = [
        change(0, "Grabbed", State.GRABBED, State.APPROVED),
        change(1, "The download runs", State.DOWNLOADING, State.GRABBED),
        change(2, "The download failed", State.APPROVED, State.DOWNLOADING),
    ]
    assert [each.number for each in attempts(first)] == [1]

    second, earlier = attempts([*first, change(3, "Grabbed again", State.GRABBED, State.APPROVED)])

    assert (second.number, told(second)) == (2, ["Grabbed again"])
    assert (earlier.number, told(earlier)) == (1, ["The download failed", "The download runs", "Grabbed"])


def test_an_attempt_ends_also_when_the_next_release_was_found_already() -> None:
    failed = change(2, "The download failed", State.GRABBED, State.DOWNLOADING)

    second, first = attempts([failed, change(3, "The download runs", State.DOWNLOADING, State.GRABBED)])

    assert (told(second), told(first)) == (["The download runs"], ["The download failed"])


def test_a_request_without_steps_has_one_attempt_that_is_empty() -> None:
    assert attempts([]) == [Attempt(1, ())]


def test_what_was_only_asked_is_no_step_until_it_brings_a_state() -> None:
    for sentence in INQUIRIES.values():
        shown = change(0, "Jellyfin shows it", State.AVAILABLE, State.IMPORTED)
        asked = change(1, sentence, State.AVAILABLE, kind="detail")
        found = change(1, sentence, State.AVAILABLE, State.IMPORTED)

        assert told(attempts([shown, asked])[0]) == ["Jellyfin shows it"]
        assert told(attempts([found])[0]) == [sentence]
