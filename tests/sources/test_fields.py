from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flaskapp.sources.fields import LARGEST_ID, LONGEST, MOST_NOTES, MOST_ROWS, Fields
from flaskapp.sources.translation import UnusablePayloadError

LONG = pytest.param("https://image.tmdb.org/" + "x" * 2_000, id="long")
ENDLESS = pytest.param(10**5000, id="endless")


@pytest.mark.parametrize(
    ("value", "number"),
    [(12, 12), ("12", 12), (" 12 ", 12), (12.0, 12), ("+12", 12), (0, 0), (LARGEST_ID, LARGEST_ID)],
)
def test_whole_numbers_come_in_several_spellings(value: object, number: int) -> None:
    fields = Fields({"id": value})

    assert fields.whole("id") == number
    assert fields.notes == ()


@pytest.mark.parametrize("value", [None, "", "  ", "{{tmdbId}}"])
def test_a_blank_value_is_absent_without_a_note(value: object) -> None:
    fields = Fields({"id": value})

    assert fields.whole("id") is None
    assert fields.text("id") is None
    assert fields.notes == ()


@pytest.mark.parametrize(
    "value",
    [True, 1.5, float("nan"), float("inf"), "12a", "²", "٣", "1" * 30, 2**63, ENDLESS, -1, "-1", [], {}, "{{a}} b"],
)
def test_an_odd_number_is_absent_and_noted_without_its_value(value: object) -> None:
    fields = Fields({"id": value})

    assert fields.whole("id") is None
    assert fields.notes == ("id is not a whole number in range",)


def test_zero_is_no_id_and_nothing_odd() -> None:
    fields = Fields({"tvdbId": 0})

    assert fields.id("tvdbId") is None
    assert fields.notes == ()


def test_the_first_name_that_says_something_counts() -> None:
    fields = Fields({"tmdbId": "", "tmdb": "19"})

    assert fields.id("tmdbId", "tmdb") == 19


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Häxan", "Häxan"),
        ("a\0b", "ab"),
        ("a\ud800b", "ab"),
        (" two\r\n lines\t", "two lines"),
        ("\x1b[31mred", "[31mred"),
        ("👨\u200d👩\u200d👧 \u202e\u05d0", "👨\u200d👩\u200d👧 \u202e\u05d0"),
        (1917, "1917"),
        ("\0\ud800", None),
    ],
)
def test_text_becomes_one_line_that_can_be_kept(value: object, text: str | None) -> None:
    assert Fields({"title": value}).text("title") == text


def test_endless_text_is_cut_and_noted() -> None:
    fields = Fields({"title": "x" * 10_000})

    title = fields.text("title")

    assert title == "x" * (LONGEST - 1) + "…"
    assert fields.notes == (f"title was cut at {LONGEST} characters",)


@pytest.mark.parametrize("value", [True, 1.5, [], {"a": 1}, ENDLESS])
def test_what_is_no_text_is_noted(value: object) -> None:
    fields = Fields({"title": value})

    assert fields.text("title") is None
    assert fields.notes == ("title is not text",)


def test_an_id_is_lower_case_and_never_cut() -> None:
    fields = Fields({"short": "SABnzbd_nzo_K2", "long": "A" * (LONGEST + 1)})

    assert fields.identifier("short") == "sabnzbd_nzo_k2"
    assert fields.identifier("long") is None
    assert fields.notes == ("long is no usable id",)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2026-03-14T19:42:07.5813907Z", datetime(2026, 3, 14, 19, 42, 7, 581390, UTC)),
        ("2026-02-14T21:15:31+01:00", datetime(2026, 2, 14, 20, 15, 31, tzinfo=UTC)),
        ("2022-10-02", datetime(2022, 10, 2, tzinfo=UTC)),
    ],
)
def test_times_are_aware_and_utc(value: str, at: datetime) -> None:
    moment = Fields({"airDateUtc": value}).moment("airDateUtc")

    assert moment == at
    assert moment is not None
    assert moment.tzinfo is UTC


@pytest.mark.parametrize("value", ["soon", "0001-01-01T00:00:00+14:00", 5, ["2022-10-02"]])
def test_what_is_no_time_is_noted(value: object) -> None:
    fields = Fields({"airDateUtc": value})

    assert fields.moment("airDateUtc") is None
    assert len(fields.notes) == 1
    assert fields.notes[0].startswith("airDateUtc is not ")


@pytest.mark.parametrize(
    ("value", "flag"),
    [(True, True), (False, False), ("True", True), ("false", False), (1, True), (" 0 ", False), (None, False)],
)
def test_flags_come_in_several_spellings(value: object, flag: bool) -> None:
    fields = Fields({"isUpgrade": value})

    assert fields.flag("isUpgrade") is flag
    assert fields.notes == ()


@pytest.mark.parametrize("value", ["yes", 2, 1.0, [], ENDLESS])
def test_what_is_no_flag_counts_as_no_and_is_noted(value: object) -> None:
    fields = Fields({"isUpgrade": value})

    assert fields.flag("isUpgrade") is False
    assert fields.notes == ("isUpgrade is neither true nor false",)


@pytest.mark.parametrize(
    "value", ["/MediaCover/12/poster.jpg", "javascript:alert(1)", "https://", "http://a b/c", LONG]
)
def test_only_a_public_address_is_a_url(value: str) -> None:
    fields = Fields({"remoteUrl": value})

    assert fields.url("remoteUrl") is None
    assert fields.notes == ("remoteUrl is not an http address",)


def test_notes_name_the_path_of_the_field() -> None:
    fields = Fields({"media": {"ids": [{"tmdbId": "x"}, "odd"]}, "request": 5})

    rows = fields.child("media").rows("ids")
    rows[0].id("tmdbId")
    fields.child("request")

    assert fields.notes == (
        "media.ids[1] is not an object",
        "media.ids[0].tmdbId is not a whole number in range",
        "request is not an object",
    )


def test_notes_and_rows_have_an_end() -> None:
    fields = Fields({"rows": ["odd"] * (MOST_ROWS + 1)})

    rows = fields.rows("rows")

    assert len(rows) == MOST_ROWS
    assert len(fields.notes) == MOST_NOTES


def test_texts_leave_out_what_is_no_text() -> None:
    fields = Fields({"messages": ["Sample", None, 5, {}, ""]})

    assert fields.texts("messages") == ["Sample", "5"]
    assert fields.notes == ("messages[3] is not text",)


def test_a_needed_field_is_named_in_the_refusal() -> None:
    fields = Fields({"movie": {"id": "twelve"}})

    with pytest.raises(UnusablePayloadError, match=r"^movie\.id has to be a whole number above 0\.$"):
        fields.child("movie").needed_id("id")
    with pytest.raises(UnusablePayloadError, match=r"^eventType has to name the kind of event\.$"):
        fields.needed_kind("eventType")
