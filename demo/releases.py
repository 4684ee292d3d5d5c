"""What the indexer offers in the play: releases as they are named in the wild, and swarms of all tempers."""

from __future__ import annotations

from dataclasses import dataclass

from demo.servarr.model import FILM_KEY, QUALITIES, TORRENT, Key, Release
from demo.titles import Film, Series

GIGABYTE = 10**9


@dataclass(frozen=True)
class Offer:
    """What is special about a release: ``seconds`` are what its download takes."""

    quality: str
    gigabytes: float
    seconds: float
    group: str
    clear: bool = True
    protocol: str = TORRENT
    seeds: int = 6


def film_release(title: Film, offer: Offer) -> Release:
    """Offer a film."""
    return _release(f"{title.title} {title.year}", (FILM_KEY,), offer)


def season_pack(title: Series, season: int, offer: Offer) -> Release:
    """Offer a whole season in one download."""
    keys = tuple(episode.key for episode in title.of(season))
    return _release(f"{title.title} S{season:02}", keys, offer)


def episode_release(title: Series, key: Key, offer: Offer) -> Release:
    """Offer one episode."""
    return _release(f"{title.title} S{key[0]:02}E{key[1]:02}", (key,), offer)


def _release(words: str, keys: tuple[Key, ...], offer: Offer) -> Release:
    source, _, height = offer.quality.partition("-")
    made_of = "BluRay.x264" if source == "Bluray" else "WEB-DL.H.264"
    dotted = words.replace("!", "").replace(".", "").replace(" ", ".")
    size = round(offer.gigabytes * GIGABYTE)
    return Release(
        title=f"{dotted}.{height}.{made_of}-{offer.group}",
        quality=QUALITIES[offer.quality],
        size=size,
        pace=size / offer.seconds,
        keys=keys,
        clear=offer.clear,
        protocol=offer.protocol,
        seeds=offer.seeds,
    )
