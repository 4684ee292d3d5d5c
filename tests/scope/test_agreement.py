"""Whatever happens, in whatever order: page, API, stream and replay show each of them the same, and only their own."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flaskapp.config import Settings
from tests.app import running
from tests.household import Page, cards_in, foreign
from tests.scope.house import House
from tests.scope.listener import Listener
from tests.server import chaos

ACTIONS = ("ask", "ask", "word", "move", "give", "delete", "leave")
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(1, 4), st.sampled_from(("alice", "bob"))), min_size=1, max_size=30
)


class Sight:
    """A page of one of them with its stream."""

    def __init__(self, house: House, name: str) -> None:
        self._house, self.name = house, name
        self._page, self._scope = Page(), None
        self._load()
        self._stream: Listener | None = None
        self.come()

    def _load(self) -> None:
        html = self._house.browser(self.name).get("/board").text
        self._page.load(html)
        self._cursor = re.findall(r'data-cursor="([^"]+)"', html)[0]

    def come(self) -> None:
        """Connect, if it is not there."""
        if self._stream is None:
            self._stream = self._house.listen(self.name, self._cursor)
            before, self._scope = self._scope, self._stream.greeting["scope"]
            self._read([*([{"type": "resync"}] if before not in (None, self._scope) else []), *self._stream.missed])

    def leave(self) -> None:
        """Read what came, and lose the connection."""
        if self._stream is not None:
            self._read(self._stream.hears())
            self._cursor = f"{self._cursor.partition('.')[0]}.{self._stream.place}"
            self._stream.close()
            self._stream = None

    def _read(self, events: list[dict[str, Any]]) -> None:
        is_outdated = [self._page.take(event) for event in events]
        if any(is_outdated):
            self._load()

    def assert_agrees(self) -> None:
        """Compare all ways to look with the truth and with each other."""
        ours, household, browser = self._house.numbers(), self._house.household, self._house.browser(self.name)
        theirs = {id_ for id_, number in ours.items() if self.name in (household.owners[number], "eve")}
        here = {id_ for id_ in theirs if ours[id_] in household.here}
        assert set(self._page.cards) == here
        assert self._page.cards == cards_in(browser.get("/board").text)
        assert {row["id"] for row in browser.get("/api/requests").get_json()["requests"]} == here
        for id_ in ours:
            expected = 200 if id_ in here else 410 if id_ in theirs else 404
            assert browser.get(f"/requests/{id_}").status_code == expected
            assert browser.get(f"/api/requests/{id_}").status_code == expected
        if self.name != "eve":
            had = {id_ for id_, number in ours.items() if number in household.had[self.name]}
            assert foreign(self._page.told, self.name, had) == []


def live(house: House, sights: dict[str, Sight], steps: list[tuple[str, int, str]]) -> None:
    """Let things happen, as far as they can."""
    household = house.household
    for action, number, name in steps:
        if action == "leave":
            sights[name].leave()
            sights["eve"].leave()
        elif (action == "ask" and number not in household.owners) or (action != "ask" and number in household.here):
            house.let(action, number, name)


@settings(max_examples=300 if chaos.IS_FULL else 25)
@given(steps=STEPS)
def test_all_ways_to_look_agree(prepared: Path, steps: list[tuple[str, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(prepared, Path(folder) / "arrivarr.db")
        with running(Settings(data_dir=Path(folder), secret_key="a-secret", auth="local")) as app:
            house = House(app)
            sights = {name: Sight(house, name) for name in ("alice", "bob", "eve")}
            live(house, sights, steps)
            for sight in sights.values():
                sight.come()
                sight.leave()
            for sight in sights.values():
                sight.assert_agrees()
            house.close()
