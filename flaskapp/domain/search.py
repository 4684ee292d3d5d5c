"""Which cards somebody wants to see, and in which order."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from flaskapp.domain.observation import MediaType
from flaskapp.domain.state import Stage


class Order(StrEnum):
    """How cards stand within their section."""

    NEWEST = "newest"
    """What came there last stands first."""
    OLDEST = "oldest"
    TITLE = "title"


@dataclass(frozen=True)
class Search:
    """All that has to be true of a card; ``words`` are folded."""

    words: tuple[str, ...] = ()
    media_type: MediaType | None = None
    stage: Stage | None = None
    is_mine: bool = False
    needs_attention: bool = False
    """Only what waits for somebody or something, and says why."""
    order: Order = Order.NEWEST

    @property
    def leaves_out(self) -> bool:
        """Tell whether there may be cards that do not fit."""
        return bool(self.words or self.media_type or self.stage or self.is_mine or self.needs_attention)


def fold(text: str) -> str:
    """Spell a text so that case, accents and spaces make no difference: ``Amélie`` is found by ``amelie``."""
    spread = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def sought(title: str, year: int | None, requested_by: str | None) -> str:
    """Give all that a card is found by, the title first."""
    return fold(" ".join([title, str(year or ""), requested_by or ""]))
