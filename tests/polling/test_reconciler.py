"""The questions to one service: each in its turn, none held up by another, and all at once when it is back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.polling.errand import LOOK_UP
from flaskapp.polling.reconciler import Reconciler
from tests.polling.record import Record, at

SONARR = "Sonarr"
DOWN = ClientError("Sonarr can't be reached.")
PACE = 60.0


@dataclass(eq=False)
class Question:
    """One kind of question; it fails while ``fails`` is set."""

    record: Record
    fails: bool = False
    asked: list[datetime] = field(default_factory=list)
    pause: float = PACE

    def tick(self, now: datetime) -> float:
        self.asked.append(now)
        with self.record.outlet.asking(SONARR, now):
            if self.fails:
                raise DOWN
        return self.pause


def reconciler(record: Record, *questions: Question) -> Reconciler:
    return Reconciler(SONARR, questions, record.signals)


def test_each_question_gets_its_turn_and_the_nearest_time_counts(record: Record) -> None:
    first, second = Question(record), Question(record, pause=15)

    assert reconciler(record, first, second).tick(at(5)) == 15

    assert (first.asked, second.asked) == ([at(5)], [at(5)])


def test_without_questions_there_is_nothing_to_do(record: Record) -> None:
    assert reconciler(record).tick(at(0)) == LOOK_UP


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_a_question_that_fails_holds_up_no_other(record: Record, failing: int) -> None:
    questions = [Question(record, fails=place == failing) for place in range(3)]
    step = reconciler(record, *questions)
    record.signals.reached(SONARR, at(-60), 0.1)

    for second in range(4):
        step.tick(at(second))

    assert [len(question.asked) for question in questions] == [1 if place == failing else 4 for place in range(3)]


def test_a_question_that_fails_is_asked_again_later_and_later(record: Record) -> None:
    question = Question(record, fails=True)
    step = reconciler(record, question)

    for second in range(3600):
        pause = step.tick(at(second))
        assert 0 < pause <= 120

    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(question.asked)]
    assert 25 <= len(gaps) <= 200
    assert gaps[0] <= 11
    assert max(gaps) > 20
    assert min(gaps) >= 5


def test_a_service_that_is_down_is_asked_once_per_try_by_each_question(record: Record) -> None:
    questions = [Question(record, fails=True), Question(record, fails=True)]
    step = reconciler(record, *questions)

    for _ in range(3):
        step.tick(at(0))

    assert [len(question.asked) for question in questions] == [1, 1]
    assert record.signals.contacts[SONARR].last_error == str(DOWN)


def test_what_answers_again_is_asked_at_its_own_pace(record: Record) -> None:
    question = Question(record, fails=True)
    step = reconciler(record, question)
    step.tick(at(0))
    question.fails = False

    step.tick(at(11))

    assert step.tick(at(12)) == PACE
    assert question.asked == [at(0), at(11), at(12)]


def test_what_answers_again_is_forgiven(record: Record) -> None:
    question = Question(record)
    step = reconciler(record, question)

    for second in range(0, 3000, 150):
        question.fails = True
        assert 5 <= step.tick(at(second)) <= 10
        question.fails = False
        step.tick(at(second + 20))


def test_all_questions_are_asked_at_once_when_the_service_is_back(record: Record) -> None:
    questions = [Question(record, fails=True) for _ in range(3)]
    step = reconciler(record, *questions)
    for second in range(600):
        step.tick(at(second))
    for question in questions:
        question.fails = False

    now = 600
    while step.tick(at(now)) > 0:
        now += 1
    step.tick(at(now))

    assert [question.asked[-1] for question in questions] == [at(now)] * 3


def test_one_question_that_goes_on_failing_is_not_asked_more_often_for_it(record: Record) -> None:
    well, ill = Question(record), Question(record, fails=True)
    step = reconciler(record, well, ill)

    for second in range(60):
        step.tick(at(second))

    assert len(well.asked) == 60
    assert 2 <= len(ill.asked) <= 12


def test_a_question_that_goes_on_failing_is_not_begun_anew_by_each_good_answer_to_another(record: Record) -> None:
    class Steady(Question):
        def tick(self, now: datetime) -> float:
            is_early = self.asked and (now - self.asked[-1]).total_seconds() < PACE
            return 1.0 if is_early else super().tick(now)

    well, ill = Steady(record), Question(record, fails=True)
    step = reconciler(record, well, ill)

    for second in range(2400):
        step.tick(at(second))

    assert len(well.asked) == 40
    assert 20 <= len(ill.asked) <= 80


def test_two_questions_are_never_on_the_way_at_once(record: Record) -> None:
    under_way: list[int] = []

    class Slow(Question):
        def tick(self, now: datetime) -> float:
            under_way.append(1)
            assert sum(under_way) == 1
            pause = super().tick(now)
            under_way.append(-1)
            return pause

    reconciler(record, Slow(record), Slow(record)).tick(at(0))

    assert under_way == [1, -1, 1, -1]


def test_a_defect_of_ours_is_not_mistaken_for_one_of_the_service(record: Record) -> None:
    class Broken(Question):
        def tick(self, now: datetime) -> float:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        reconciler(record, Broken(record)).tick(at(0))
