from __future__ import annotations

import pytest

from flaskapp.sources import ALIASES, SOURCES
from flaskapp.sources.body import decode
from flaskapp.sources.translation import UnusablePayloadError

NESTED = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
BROKEN = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"12",
    b"{",
    b"{]",
    b"\xff\xfe\xfd",
    b"{'a': 1}",
    b"\0",
    pytest.param(NESTED, id="nested"),
]


@pytest.mark.parametrize("body", BROKEN)
@pytest.mark.parametrize("source", SOURCES)
def test_what_is_no_json_object_is_refused(source: str, body: bytes) -> None:
    with pytest.raises(UnusablePayloadError, match=r"^The body is not JSON\.$|^The body is not a JSON object\.$"):
        SOURCES[source].decode(body)


def test_a_byte_order_mark_is_tolerated() -> None:
    assert decode(b'\xef\xbb\xbf{"eventType": "Test"}') == {"eventType": "Test"}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (b"NaN", "NaN"),
        (b"-Infinity", "-Infinity"),
        pytest.param(b"1" * 6000, "1" * 6000, id="endless"),
        (b'"\\ud800"', "\ud800"),
    ],
)
def test_an_odd_value_spoils_its_field_only(value: bytes, read: object) -> None:
    assert decode(b'{"size": ' + value + b', "eventType": "Grab"}') == {"size": read, "eventType": "Grab"}


def test_the_older_names_of_seerr_lead_to_it() -> None:
    assert set(ALIASES) == {"jellyseerr", "overseerr"}
    assert set(ALIASES.values()) == {"seerr"}
    assert set(SOURCES) == {"seerr", "radarr", "sonarr", "jellyfin"}
