"""What a connection to Redis counts of itself."""

from __future__ import annotations

from flaskapp.live.link import Link


def facts(link: Link) -> tuple[bool | None, int]:
    return link.is_up, link.returns


def test_the_first_time_is_no_return_and_each_later_one_is() -> None:
    link = Link()
    assert facts(link) == (None, 0)

    link.rise()
    assert facts(link) == (True, 0)

    link.fall()
    assert facts(link) == (False, 0)

    link.rise()
    link.rise()  # it was cut and made anew in between, unseen
    assert facts(link) == (True, 2)


def test_a_loss_is_news_once() -> None:
    link = Link()

    assert [link.fall(), link.fall()] == [True, False]
    link.rise()
    assert [link.fall(), link.fall()] == [True, False]


def test_one_that_never_was_there_does_not_return() -> None:
    link = Link()
    link.fall()

    link.rise()

    assert link.returns == 0


def test_messages_and_their_frames_are_counted() -> None:
    link = Link()

    link.carried(3)
    link.carried(0)

    assert (link.messages, link.frames) == (2, 3)
