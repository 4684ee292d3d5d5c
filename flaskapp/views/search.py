"""The address of a board or its history says what is searched for; what can't be understood there counts as absent."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from flaskapp.domain.observation import MediaType
from flaskapp.domain.search import Order, Search, fold
from flaskapp.domain.state import Stage

Word = TypeVar("Word", bound=StrEnum)
MOST_WORDS = 8
LONGEST = 100


def read_search(args: Mapping[str, str]) -> Search:
    """Read ``q``, ``type``, ``stage``, ``mine``, ``attention`` and ``sort``."""
    return Search(
        words=tuple(fold(args.get("q", "")[:LONGEST]).split()[:MOST_WORDS]),
        media_type=_word(MediaType, args.get("type")),
        stage=_word(Stage, args.get("stage")),
        is_mine=args.get("mine") == "yes",
        needs_attention=args.get("attention") == "yes",
        order=_word(Order, args.get("sort")) or Order.NEWEST,
    )


def as_rule(search: Search, own: frozenset[int]) -> dict[str, Any]:
    """Give what a browser has to know to say of a card that arrives whether it fits, and where."""
    return {
        "words": search.words,
        "type": search.media_type,
        "stage": search.stage,
        "own": sorted(own) if search.is_mine else None,
        "attention": search.needs_attention,
        "order": search.order,
    }


def _word(words: type[Word], text: str | None) -> Word | None:
    return words(text) if text in list(words) else None
