"""A board in this process with Alice, Bob and Eve, who is an admin, each in a browser of their own."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from flaskapp.extensions import writing
from flaskapp.models import User
from flaskapp.models.revision import touch
from tests.household import Household, admit, id_of, numbers, perform
from tests.people import add_user, browser_of
from tests.scope.listener import Listener


class House:
    """Lets things happen, and shows what each of them sees of it."""

    def __init__(self, app: Flask, chance: int = 1927) -> None:
        self.app, self.household = app, Household(random.Random(chance))  # decides a game
        self.people = admit(app) | {"carol": add_user(app, "carol")}
        """Nobody vouches for an address of Carol's."""
        self.browsers = {name: browser_of(app, user_id) for name, user_id in self.people.items()}
        self._listeners: list[Listener] = []

    def let(self, action: str, number: int, name: str = "") -> int:
        """Let one thing happen to the request of this number; ``name`` is who asks, or whose it becomes."""
        perform(self.app, [self.household.let(action, number, name)])
        self.look()
        with self.app.app_context():
            return id_of(number)

    def look(self) -> None:
        """Look whether those who listen still may, as happens once a second."""
        with self.app.app_context():
            self.app.extensions["open_streams"].look(datetime.now(UTC))

    def browser(self, name: str) -> FlaskClient:
        """Give the browser of one of them."""
        return self.browsers[name]

    def listen(self, name: str, since: str = "") -> Listener:
        """Open a stream for one of them."""
        self._listeners.append(Listener(self.browser(name), since))
        return self._listeners[-1]

    def cursor(self, name: str) -> str:
        """Give where the stream is now, as one of them is told."""
        cursor: str = self.browser(name).get("/api/requests").get_json()["cursor"]
        return cursor

    def change(self, name: str, **columns: Any) -> None:
        """Let an admin change something about one of them."""
        with self.app.app_context():
            with writing() as session:
                user = session.get_one(User, self.people[name])
                for column, value in columns.items():
                    setattr(user, column, value)
                touch(session)
            self.app.extensions["open_streams"].check(datetime.now(UTC))

    def numbers(self) -> dict[int, int]:
        """Give Seerr's number for each of ours."""
        return numbers(self.app)

    def close(self) -> None:
        """Let everybody leave."""
        for listener in self._listeners:
            listener.close()
