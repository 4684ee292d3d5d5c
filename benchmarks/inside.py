"""Where the time of a tick of the poller, a webhook and a new stream goes, inside one process that serves nobody.

``python -m benchmarks.inside`` expects the settings of the app in its environment and prints JSON. Shares come from
cProfile, which makes Python code look dearer than it is beside C; the times are taken without it.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from werkzeug.test import create_environ, run_wsgi_app

from benchmarks.household import TOKEN, asked
from benchmarks.peers.arrivarr import Asking, app, torrents

DOWNLOADS, TIMES = 20, 100
PACKAGE = re.compile(r".*(?:site-packages/|python3\.\d+/(?!site-packages)|/(?=(?:flaskapp|benchmarks)/))(\w+)")


def measure(step: Callable[[int], object]) -> dict[str, object]:
    """Give the milliseconds of CPU of one step, and which package had which share of it."""
    for number in range(10):
        step(number)
    start = time.process_time()
    for number in range(10, 10 + TIMES):
        step(number)
    taken = (time.process_time() - start) * 1000 / TIMES
    profile = cProfile.Profile()
    profile.enable()
    for number in range(10 + TIMES, 10 + 2 * TIMES):
        step(number)
    profile.disable()
    return {"milliseconds": taken, "shares": _shares(profile)}


def _shares(profile: cProfile.Profile) -> dict[str, float]:
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = vars(pstats.Stats(profile))["stats"]
    times: Counter[str] = Counter()
    for (path, _, name), (_, _, own, *_rest) in stats.items():
        times[_package(path, name)] += own  # type: ignore[assignment]  # seconds are counted too
    total = sum(times.values())
    return {name: seconds / total for name, seconds in times.most_common(8)}


def _package(path: str, name: str) -> str:
    if path == "~":
        return "sqlite3" if "sqlite3" in name else "built in"
    found = PACKAGE.match(path)
    return found[1] if found else "templates" if "templates" in path else "other"


def main() -> None:
    """Measure all three."""
    asking = Asking(app, torrents)

    def tick(number: int) -> None:
        moved = {"request_id": number % DOWNLOADS + 1, "progress": 10 + number // DOWNLOADS % 16 * 5}
        torrents.move(moved | {"eta": number, "speed": number * 1000})
        asking.tick(datetime.now(UTC))

    client = app.test_client()

    def webhook(number: int) -> None:
        client.post(f"/webhooks/seerr?token={TOKEN}", data=json.dumps(asked(50_000 + number)))

    environ = create_environ("/events", "http://127.0.0.1/", environ_overrides={"REMOTE_ADDR": "127.0.0.1"})

    def connect(_number: int) -> None:
        stream, *_ = run_wsgi_app(app, dict(environ))
        stream.close()  # type: ignore[attr-defined]  # what werkzeug gives can be closed where the app's can

    with app.app_context():
        app.extensions["announcer"].open()
    steps = {"tick": tick, "webhook": webhook, "connect": connect}
    print(json.dumps({name: measure(step) for name, step in steps.items()}))


if __name__ == "__main__":
    main()
