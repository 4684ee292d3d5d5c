"""What can be asked for: twelve films that belong to everybody, and one series that we made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Film:
    """A film as the metadata services know it."""

    slug: str
    title: str
    year: int
    tmdb_id: int
    imdb_id: str
    runtime: int
    genres: tuple[str, ...]
    overview: str


@dataclass(frozen=True)
class Episode:
    """One episode; ``airs`` is the number of days from the first day of the world."""

    season: int
    number: int
    title: str
    airs: int

    @property
    def key(self) -> tuple[int, int]:
        """Give season and number."""
        return self.season, self.number


@dataclass(frozen=True)
class Series(Film):
    """A series as the metadata services know it."""

    tvdb_id: int
    episodes: tuple[Episode, ...]

    @property
    def seasons(self) -> tuple[int, ...]:
        """Give the numbers of its seasons."""
        return tuple(sorted({episode.season for episode in self.episodes}))

    def of(self, season: int) -> tuple[Episode, ...]:
        """Give the episodes of a season."""
        return tuple(episode for episode in self.episodes if episode.season == season)


def _season(season: int, first_airs: int, *titles: str) -> tuple[Episode, ...]:
    return tuple(Episode(season, number, title, first_airs + 7 * number) for number, title in enumerate(titles, 1))


FILMS: dict[str, Film] = {
    film.slug: film
    for film in (
        Film(
            *("trip-to-the-moon", "A Trip to the Moon", 1902, 775, "tt0000417", 15, ("Adventure", "Science Fiction")),
            "Six astronomers let themselves be shot to the moon and are not made welcome.",
        ),
        Film(
            *("caligari", "The Cabinet of Dr. Caligari", 1920, 234, "tt0010323", 77, ("Drama", "Horror")),
            "A showman, a sleepwalker who tells the future, and a town painted in crooked lines.",
        ),
        Film(
            # The numbers 999… are made up: no film has them.
            *("haxan", "Häxan", 1922, 9990022, "tt0013257", 106, ("Documentary", "Horror")),
            "A lecture on witchcraft that can't keep its hands off the costumes.",
        ),
        Film(
            *("nosferatu", "Nosferatu", 1922, 653, "tt0013442", 94, ("Horror",)),
            "A clerk sells a house to a count who travels with his own earth.",
        ),
        Film(
            *("safety-last", "Safety Last!", 1923, 9990023, "tt0014429", 74, ("Comedy",)),
            "A shop assistant climbs the outside of his department store, floor by floor.",
        ),
        Film(
            *("sherlock-jr", "Sherlock Jr.", 1924, 992, "tt0015324", 45, ("Comedy",)),
            "A projectionist dreams himself into the film he is showing.",
        ),
        Film(
            *("general", "The General", 1926, 961, "tt0017925", 79, ("Comedy", "War")),
            "An engine driver loses his locomotive and goes after it, mostly in another one.",
        ),
        Film(
            *("metropolis", "Metropolis", 1927, 19, "tt0017136", 153, ("Drama", "Science Fiction")),
            "The son of the man above meets the people below, and a robot with a familiar face.",
        ),
        Film(
            *("his-girl-friday", "His Girl Friday", 1940, 3085, "tt0032599", 92, ("Comedy", "Romance")),
            "An editor has one day to keep his best reporter from marrying somebody else.",
        ),
        Film(
            *("detour", "Detour", 1945, 9990045, "tt0037638", 68, ("Crime", "Drama")),
            "A pianist hitches west, and every kindness on the road makes it worse.",
        ),
        Film(
            *("charade", "Charade", 1963, 4808, "tt0056923", 113, ("Comedy", "Mystery", "Romance")),
            "A widow in Paris is told that she has a fortune; everybody but her knows where it is not.",
        ),
        Film(
            *("living-dead", "Night of the Living Dead", 1968, 10331, "tt0063350", 96, ("Horror",)),
            "Seven people, one farmhouse, and a crowd outside that does not get tired.",
        ),
    )
}

LANTERN = Series(
    *("lantern-line", "The Lantern Line", 2024, 9991002, "tt99910020", 42, ("Drama", "Mystery")),
    "The crew of the last night ferry finds a light on the chart where no house has ever stood.",
    tvdb_id=9991001,
    episodes=(
        *_season(1, -400, "Cast Off", "The Wrong Buoy", "Fog Signal", "Two Bells", "The Keeper's Log", "Landfall"),
        # The last one airs next week.
        *_season(2, -28, "Night Crossing", "Dead Reckoning", "Ballast", "A Light Abeam", "Harbour"),
    ),
)

TITLES: dict[str, Film] = {**FILMS, LANTERN.slug: LANTERN}
