"""Tolerant readers of one foreign JSON object.

What is absent is None. What is odd counts as absent too and is noted by the path of its field, never by its value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from flaskapp.sources.translation import UnusablePayloadError
from flaskapp.sources.values import as_flag, as_moment, as_text, as_whole, is_blank, tidy

LARGEST_ID = 2**63 - 1
"""The largest whole number that a database column can hold."""
LARGEST_NUMBER = 99_999
"""Above any season or episode number; daily shows use the year as season."""
LONGEST = 500
"""Longer than any real title or message; what follows is noise on a card."""
LONGEST_ADDRESS = 2_000
MOST_ROWS = 5_000
"""More rows than any release carries; a longer list is not worth a long transaction."""
MOST_NOTES = 20
UNKNOWN_KIND = "We do not follow this kind of event."

_IMDB_ID = re.compile(r"tt[0-9]{1,15}")
_URL = re.compile(r"https?://[^\s/]+/\S*")


class Fields:
    """One JSON object and its place in the payload; several names mean: the first that says something."""

    def __init__(self, values: Mapping[str, object], path: str = "", notes: list[str] | None = None) -> None:
        self._values = values
        self._path = path
        self._notes = [] if notes is None else notes

    @property
    def notes(self) -> tuple[str, ...]:
        """Give what was odd in the whole payload."""
        return tuple(self._notes)

    def note(self, name: str, oddity: str) -> None:
        """Keep that a field was odd, once, and not endlessly."""
        note = f"{self.where(name)} {oddity}"
        if len(self._notes) < MOST_NOTES and note not in self._notes:
            self._notes.append(note)

    def where(self, name: str) -> str:
        """Give the path of a field for people."""
        return f"{self._path}.{name}" if self._path else name

    def has(self, name: str) -> bool:
        """Tell whether a field says anything at all."""
        return not is_blank(self._values.get(name))

    def text(self, *names: str, most: int = LONGEST) -> str | None:
        """Read one line of text, cut at ``most`` characters."""
        name, value = self._first(names)
        text = as_text(value)
        if text is None:
            self._odd(name, value, "is not text")
            return None
        line = tidy(text[: most * 4])
        if len(line) > most:
            self.note(name, f"was cut at {most} characters")
            line = f"{line[: most - 1]}…"
        return line or None

    def identifier(self, *names: str) -> str | None:
        """Read an opaque id in lower case; a long one is not cut, as that would be another id."""
        name, value = self._first(names)
        text = as_text(value)
        if text is None or len(text) > LONGEST:
            self._odd(name, value, "is no usable id")
            return None
        return tidy(text).lower() or None

    def whole(self, *names: str, most: int = LARGEST_ID) -> int | None:
        """Read a whole number from 0 up, spelled as a number or as text."""
        name, value = self._first(names)
        number = as_whole(value)
        if number is None or not 0 <= number <= most:
            self._odd(name, value, "is not a whole number in range")
            return None
        return number

    def id(self, *names: str) -> int | None:
        """Read a numeric id; 0 is upstream's word for none."""
        return self.whole(*names) or None

    def imdb_id(self, *names: str) -> str | None:
        """Read the IMDb id of a title."""
        return self._matching(_IMDB_ID, "is not an IMDb id", names)

    def url(self, *names: str) -> str | None:
        """Read a public http address."""
        return self._matching(_URL, "is not an http address", names)

    def year(self, *names: str) -> int | None:
        """Read a year; 0 is upstream's word for none."""
        return self.whole(*names, most=9999) or None

    def flag(self, name: str) -> bool:
        """Read yes or no; absent is no."""
        known = as_flag(self._values.get(name))
        if known is None:
            self._odd(name, self._values.get(name), "is neither true nor false")
        return known or False

    def moment(self, name: str) -> datetime | None:
        """Read a time as aware UTC."""
        text = self.text(name)
        at = as_moment(text) if text else None
        if at is None:
            self._odd(name, text, "is not a time")
        return at

    def needed_id(self, *names: str) -> int:
        """Read a numeric id without which the payload can't be used."""
        number = self.id(*names)
        if number is None:
            raise UnusablePayloadError(f"{self.where(names[0])} has to be a whole number above 0.")
        return number

    def needed_kind(self, *names: str) -> str:
        """Read what kind of event the payload is, in upstream's own word."""
        kind = self.text(*names, most=100)
        if kind is None:
            raise UnusablePayloadError(f"{self.where(names[0])} has to name the kind of event.")
        return kind

    def child(self, name: str) -> Fields:
        """Open an object inside this one; an absent one is empty."""
        value = self._values.get(name)
        if not isinstance(value, dict):
            self._odd(name, value, "is not an object")
            value = {}
        return Fields(value, self.where(name), self._notes)

    def block(self, name: str) -> Fields:
        """Open an object inside this one, or stay here where a template was flattened."""
        return self.child(name) if isinstance(self._values.get(name), dict) else self

    def rows(self, name: str) -> list[Fields]:
        """Open the objects in a list inside this object."""
        entries = self._entries(name)
        return [self._at(entries).child(place) for place, value in entries.items() if not is_blank(value)]

    def texts(self, name: str) -> list[str]:
        """Read the lines of text in a list inside this object."""
        entries = self._entries(name)
        return [line for place in entries if (line := self._at(entries).text(place))]

    def _at(self, values: Mapping[str, object]) -> Fields:
        return Fields(values, self._path, self._notes)

    def _entries(self, name: str) -> dict[str, object]:
        """Give the entries of a list by their place."""
        value = self._values.get(name)
        if not isinstance(value, list):
            self._odd(name, value, "is not a list")
            return {}
        if len(value) > MOST_ROWS:
            self.note(name, f"was cut at {MOST_ROWS} entries")
        return {f"{name}[{number}]": entry for number, entry in enumerate(value[:MOST_ROWS])}

    def _matching(self, pattern: re.Pattern[str], oddity: str, names: tuple[str, ...]) -> str | None:
        name, value = self._first(names)
        line = tidy(as_text(value) or "")
        if len(line) > LONGEST_ADDRESS or not pattern.fullmatch(line):
            self._odd(name, value, oddity)
            return None
        return line

    def _first(self, names: tuple[str, ...]) -> tuple[str, object]:
        name = next((name for name in names if self.has(name)), names[0])
        return name, self._values.get(name)

    def _odd(self, name: str, value: object, oddity: str) -> None:
        """Note an odd value; a blank one is only absent."""
        if not is_blank(value):
            self.note(name, oddity)
