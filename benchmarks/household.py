"""A house with many downloads on the way, told to the real app by webhooks once and copied for every run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp import create_app
from flaskapp.extensions import db
from flaskapp.models import MediaRequest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "benchmarks" / "built" / "households"
TOKEN = "benchmark"  # noqa: S105  # of a server that lives for a minute
CARD = "card.html"
"""A card of a film that was asked for, as a template in which title and number are left open."""
HASH = "{number:040x}"


def folder(downloads: int) -> Path:
    """Give a data folder with so many films that download, requests 1 and up; made when the code is newer than it."""
    made = FOLDER / str(downloads)
    done = made / "done"
    code = max(
        path.stat().st_mtime
        for path in (Path(__file__), *ROOT.glob("flaskapp/**/*.py"), *ROOT.glob("migrations/**/*.py"))
    )
    if not done.exists() or done.stat().st_mtime < code:
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        environ = {**os.environ, "DATA_DIR": str(made), "WEBHOOK_TOKEN": TOKEN, "LOG_LEVEL": "ERROR"}
        for words in (["flask", "--app", "wsgi", "prepare"], ["benchmarks.household", str(downloads)]):
            subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=environ, check=True, capture_output=True)
        done.touch()
    return made


def asked(number: int | str) -> dict[str, Any]:
    """Write Seerr's webhook of a film request."""
    return {
        "notification_type": "MEDIA_AUTO_APPROVED",
        "event": "Movie Request Automatically Approved",
        "subject": f"Film {number} (1927)",
        "message": "A city divided, and the son of its master who goes down to see how the others live.",
        "image": f"https://image.tmdb.org/t/p/w600_and_h900_bestv2/{number}.jpg",
        "media": {"media_type": "movie", "tmdbId": f"{number}", "tvdbId": "", "status": "PROCESSING"},
        "request": {"request_id": f"{number}", "requestedBy_username": "alice", "requestedBy_email": "a@example.com"},
    }


def grabbed(number: int) -> dict[str, Any]:
    """Write Radarr's webhook of the grab for it."""
    return {
        "eventType": "Grab",
        "instanceName": "Radarr",
        "movie": {"id": number, "title": f"Film {number}", "year": 1927, "tmdbId": number},
        "remoteMovie": {"tmdbId": number, "title": f"Film {number}", "year": 1927},
        "release": {"releaseTitle": f"Film.{number}.1927.1080p-GRP", "quality": "Bluray-1080p", "size": 10_000_000_000},
        "downloadClient": "qBittorrent",
        "downloadClientType": "qBittorrent",
        "downloadId": HASH.format(number=number).upper(),
    }


def main(app: Flask, downloads: int) -> None:
    """Tell the app, whose settings are in the environment, all about the house."""
    client = app.test_client()
    for number in range(1, downloads + 1):
        for source, payload in (("seerr", asked(number)), ("radarr", grabbed(number))):
            answer = client.post(f"/webhooks/{source}?token={TOKEN}", data=json.dumps(payload))
            if answer.status_code != 200:
                raise RuntimeError(answer.text)  # nothing is measured on a house that is not there
    client.post(f"/webhooks/seerr?token={TOKEN}", data=json.dumps(asked(downloads + 1)))
    with app.app_context(), Session(db.engine) as session:
        newest = session.scalars(select(MediaRequest).order_by(MediaRequest.id.desc())).first()
        card = app.extensions["announcer"].card(newest).replace(f"Film {downloads + 1}", "{{ title }}")
    numbers = re.sub(r'(request-id="|title-|requests/)\d+', r"\1{{ id }}", card)
    app.extensions["settings"].data_dir.joinpath(CARD).write_text(numbers, encoding="utf-8")


if __name__ == "__main__":
    main(create_app(), int(sys.argv[1]))
