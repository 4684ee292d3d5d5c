"""The play: twelve films and a series through their lives in three minutes, good ones and bad ones."""

from __future__ import annotations

from collections.abc import Callable

from demo.releases import Offer, episode_release, film_release, season_pack
from demo.servarr.model import Release
from demo.titles import FILMS, LANTERN
from demo.world import PEOPLE, World

LENGTH = 180.0
"""Seconds after which all is told. What is still on its way then goes on."""


class Play:
    """Puts everything on the agenda of a world."""

    def __init__(self, world: World) -> None:
        self._world, self._at = world, world.clock.after

    def begin(self) -> None:
        """Plan the whole play from now on."""
        with self._world.lock:
            self._plan_easy_lives()
            self._plan_stall()
            self._plan_second_attempt()
            self._plan_upgrade()
            self._plan_refusals()
            self._plan_blocked_import()
            self._plan_series()

    def _offer(self, slug: str, offer: Offer) -> Release:
        release = film_release(FILMS[slug], offer)
        self._world.radarr.publish(FILMS[slug], release)
        return release

    def _ask(self, slug: str, person: str, *, approved: tuple[float, ...] = ()) -> Callable[[], None]:
        """Prepare to ask for a film, and to let the admin approve it so many seconds later."""

        def act() -> None:
            asked = self._world.seerr.ask(FILMS[slug], PEOPLE[person])
            for seconds in approved:
                self._at(seconds, lambda: self._world.seerr.approve(asked))

        return act

    def _plan_easy_lives(self) -> None:
        self._offer("trip-to-the-moon", Offer("Bluray-1080p", 1.4, 14, "REEL"))
        self._at(0, self._ask("trip-to-the-moon", "chiara"))
        self._offer("living-dead", Offer("Bluray-1080p", 11.8, 55, "ARCHiVE"))
        self._at(3, self._ask("living-dead", "anna", approved=(7,)))
        self._offer("caligari", Offer("WEBDL-1080p", 4.3, 60, "EXPRESS"))
        self._at(14, self._ask("caligari", "chiara"))
        self._offer("sherlock-jr", Offer("Bluray-1080p", 6.1, 65, "BOOTH"))
        self._at(38, self._ask("sherlock-jr", "noor", approved=(12,)))

    def _plan_stall(self) -> None:
        """Take the only seeds of Metropolis away in the middle, and give them back."""
        release = self._offer("metropolis", Offer("Bluray-1080p", 14.6, 60, "UFA"))
        self._at(1, self._ask("metropolis", "ben", approved=(4,)))
        self._at(40, lambda: self._seed(release, 0))
        self._at(95, lambda: self._seed(release, 4))

    def _seed(self, release: Release, seeds: int) -> None:
        self._world.qbittorrent.torrents[release.hash].seeds = seeds

    def _plan_second_attempt(self) -> None:
        """Break the first download of Nosferatu; the admin blocklists it, and the next best release is taken."""
        first = self._offer("nosferatu", Offer("Bluray-1080p", 8.2, 80, "ORLOK"))
        self._offer("nosferatu", Offer("WEBDL-1080p", 5.5, 40, "WISBORG"))
        self._at(6, self._ask("nosferatu", "noor", approved=(5,)))
        self._at(58, lambda: self._break(first))
        self._at(62, lambda: self._world.radarr.downloads.remove(self._world.radarr.grab_of(first), blocklist=True))

    def _break(self, release: Release) -> None:
        self._world.qbittorrent.torrents[release.hash].is_broken = True

    def _plan_upgrade(self) -> None:
        """Bring The General early in a small copy, and later in a good one."""
        self._offer("general", Offer("Bluray-720p", 3.3, 20, "GAUGE"))
        self._at(2, self._ask("general", "anna", approved=(3,)))
        self._at(95, lambda: self._publish("general", Offer("Bluray-1080p", 9.7, 30, "TENDER")))

    def _publish(self, slug: str, offer: Offer) -> None:
        self._offer(slug, offer)

    def _plan_refusals(self) -> None:
        """Let one be declined, one wait for an answer, one be found nowhere, and one fail at first."""
        self._at(9, lambda: self._ask_in_vain("charade", "ben", 16))
        self._at(11, self._ask("detour", "noor", approved=(9,)))
        self._at(20, self._ask("his-girl-friday", "anna"))
        self._offer("safety-last", Offer("WEBDL-1080p", 3.9, 40, "LEDGE"))
        self._at(30, self._ask("safety-last", "ben", approved=(4, 40)))
        self._at(33, lambda: self._set_radarr(is_accepting=False))
        self._at(36, lambda: self._set_radarr(is_accepting=True))

    def _ask_in_vain(self, slug: str, person: str, seconds: float) -> None:
        asked = self._world.seerr.ask(FILMS[slug], PEOPLE[person])
        self._at(seconds, lambda: self._world.seerr.decline(asked))

    def _set_radarr(self, *, is_accepting: bool) -> None:
        self._world.radarr.is_accepting = is_accepting

    def _plan_blocked_import(self) -> None:
        """Let Häxan arrive under a name that Radarr can't read; the admin imports it by hand."""
        release = self._offer("haxan", Offer("Bluray-1080p", 7.0, 35, "CRiT", clear=False))
        self._at(22, self._ask("haxan", "anna", approved=(6,)))
        self._at(135, lambda: self._world.radarr.import_now(self._world.radarr.grab_of(release)))

    def _plan_series(self) -> None:
        """Ask for the first season, which comes as a pack, and for the second, which still runs."""
        sonarr = self._world.sonarr
        sonarr.publish(LANTERN, season_pack(LANTERN, 1, Offer("WEBDL-1080p", 9.2, 55, "FERRY")))
        for number, seconds in ((1, 25), (2, 40), (3, 35)):
            self._publish_episode(number, seconds)
        self._at(5, lambda: self._ask_season(1, "anna", 6))
        self._at(48, lambda: self._ask_season(2, "ben", 8))
        # Still on its way when the play is over, so that the board does not stand still.
        self._at(140, lambda: self._publish_episode(4, 900))

    def _ask_season(self, season: int, person: str, approved: float) -> None:
        asked = self._world.seerr.ask(LANTERN, PEOPLE[person], (season,))
        self._at(approved, lambda: self._world.seerr.approve(asked))

    def _publish_episode(self, number: int, seconds: float) -> None:
        release = episode_release(LANTERN, (2, number), Offer("WEBDL-1080p", 1.6, seconds, "FERRY"))
        self._world.sonarr.publish(LANTERN, release)
