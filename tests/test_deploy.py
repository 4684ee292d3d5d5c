"""The files of deploy/ and the container, as far as they can be tried without a container engine."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import yaml

from flaskapp.config import Settings
from tests.settings_table import SETTINGS

ROOT = Path(__file__).parent.parent
OUR_OWN = {setting.name for setting in SETTINGS}
WHO_MAY_ENTER = {
    *("AUTH", "AUTH_NONE_OK", "PEOPLE_SEE", "ADMIN_GROUP", "TRUSTED_PROXIES"),
    *("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"),
}
CONVENTIONS = {"PUID", "PGID", "TZ", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}


def instructions() -> list[tuple[str, list[str]]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(line.split()[0], shlex.split(line.partition(" ")[2])) for line in whole]


def of_kind(kind: str) -> list[list[str]]:
    return [words for name, words in instructions() if name == kind]


def image_environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for words in of_kind("ENV") for pair in words)


@pytest.fixture
def service() -> dict[str, Any]:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert list(compose["services"]) == ["arrivarr"]
    return dict(compose["services"]["arrivarr"])


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "PATH": os.environ["PATH"],
        "PYTHON": sys.executable,
        "DATA_DIR": str(tmp_path / "config"),
        "PORT": str(port),
    }


@contextmanager
def started(environ: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        script = [str(ROOT / "deploy/start.sh")]
        process = subprocess.Popen(script, env=environ, cwd="/", stdout=output, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def wait_until_healthy(port: str, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.monotonic() + 30
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(log.read_text())


def test_the_image_sets_only_what_somebody_reads() -> None:
    assert set(image_environment()) <= OUR_OWN | CONVENTIONS
    Settings.from_environ(image_environment())


def test_the_image_copies_only_what_is_there() -> None:
    wanted = [
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    ]

    assert of_kind("COPY") == [["requirements.txt", "./"], [".", "./"]]
    assert "requirements.txt" in wanted
    assert [name for name in wanted if not (ROOT / name).exists()] == []


def test_everything_the_server_loads_is_in_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    served = ("wsgi.py", "gunicorn.conf.py", "stream_worker.py")
    for needed in ("flaskapp", "templates", "static", "migrations", *served):
        assert f"!{needed}" in ignored


def test_the_image_starts_our_script_and_asks_it_for_its_health() -> None:
    [[entrypoint]] = [json_form(words) for words in of_kind("ENTRYPOINT")]
    [check] = of_kind("HEALTHCHECK")

    assert of_kind("WORKDIR") == [["/app"]]
    assert os.access(ROOT / Path(entrypoint).relative_to("/app"), os.X_OK)
    assert (ROOT / json_form(check[check.index("CMD") + 1 :])[-1]).is_file()


def json_form(words: list[str]) -> list[str]:
    return [word.strip("[],") for word in words]


def test_the_image_drops_root_and_keeps_its_data_in_a_volume() -> None:
    environment = image_environment()

    assert int(environment["PUID"]) > 0
    assert int(environment["PGID"]) > 0
    assert of_kind("VOLUME") == [[environment["DATA_DIR"]]]


def test_compose_publishes_the_port_of_the_image(service: dict[str, Any]) -> None:
    [[port]] = of_kind("EXPOSE")

    assert service["ports"] == [f"{port}:{port}"]
    assert int(port) == Settings().port
    assert service["volumes"] == ["./config:/config"]


def test_compose_sets_only_what_somebody_reads(service: dict[str, Any]) -> None:
    environment = service["environment"]

    assert set(environment) <= OUR_OWN | CONVENTIONS
    passed_on = {name: text for name, text in environment.items() if name not in CONVENTIONS}
    assert passed_on == {name: f"${{{name}:-}}" for name in passed_on}
    services = {name for name in OUR_OWN if name.endswith(("_URL", "_API_KEY", "_USERNAME", "_PASSWORD"))}
    assert set(passed_on) == (services | WHO_MAY_ENTER) - {"DATABASE_URL", "REDIS_URL"}


def test_several_processes_get_what_they_need() -> None:
    compose = yaml.safe_load((ROOT / "compose.scale.yaml").read_text(encoding="utf-8"))
    environment = compose["services"]["arrivarr"]["environment"]

    password = "${POSTGRES_PASSWORD:?set it in .env}"
    settings = Settings.from_environ({name: text.replace(password, "secret") for name, text in environment.items()})

    assert settings.web_concurrency > 1
    assert set(compose["services"]["arrivarr"]["depends_on"]) == {
        str(urlsplit(url).hostname) for url in (settings.database_url, settings.redis_url)
    }
    assert compose["services"]["postgresql"]["environment"]["POSTGRES_PASSWORD"] == password


def test_the_unit_starts_the_same_server_as_make_run() -> None:
    unit = ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd tells Case from case
    unit.read(ROOT / "deploy/arrivarr.service", encoding="utf-8")
    service = unit["Service"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for line in (service["ExecStartPre"], service["ExecStart"]):
        assert line.partition(".venv/bin/python")[2] in makefile
    assert service["DynamicUser"] == "yes"
    assert service["ProtectSystem"] == "strict"


def test_the_start_script_serves_and_stops_when_told(environ: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log"

    with started(environ, log) as process:
        wait_until_healthy(environ["PORT"], process, log)
        check = subprocess.run([sys.executable, ROOT / "deploy/healthcheck.py"], env=environ, check=False)
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=10)

    assert check.returncode == 0
    assert code == 0
    assert {"arrivarr.db", "secret_key", "webhook_token"} <= {path.name for path in (tmp_path / "config").iterdir()}
    assert (tmp_path / "config/webhook_token").read_text().strip() in log.read_text()


def test_the_start_script_stops_at_a_wrong_setting(environ: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log"

    with started({**environ, "POLL_INTERVAL": "soon"}, log) as process:
        code = process.wait(timeout=20)

    assert code != 0
    assert "POLL_INTERVAL must be a number" in log.read_text()


def test_the_health_check_notices_that_nobody_answers(environ: dict[str, str]) -> None:
    command = [sys.executable, str(ROOT / "deploy/healthcheck.py")]

    check = subprocess.run(command, env=environ, check=False, capture_output=True)

    assert check.returncode == 1


@pytest.fixture
def open_house() -> Iterator[Path]:
    """Give a place that any user may enter, with the script and a Python that only tells who runs it."""
    house = Path(tempfile.mkdtemp())
    house.chmod(0o755)
    (house / "deploy").mkdir()
    shutil.copy(ROOT / "deploy/start.sh", house / "deploy")
    python = house / "python"
    python.write_text('#!/bin/sh\necho "$(id -u):$(id -g)"\n', encoding="utf-8")
    python.chmod(0o755)
    yield house
    shutil.rmtree(house)


def test_the_start_script_drops_root_for_the_user_it_is_given(open_house: Path) -> None:
    is_root = os.geteuid() == 0
    environ = {"PATH": os.environ["PATH"], "PYTHON": f"{open_house}/python", "PUID": "4321", "PGID": "1234"}

    run = subprocess.run(
        [open_house / "deploy/start.sh"], env=environ, check=True, capture_output=True, text=True, cwd="/"
    )

    who = "4321:1234" if is_root else f"{os.geteuid()}:{os.getegid()}"
    data = (open_house / "data").stat()
    assert run.stdout.split() == [who, who]
    assert f"{data.st_uid}:{data.st_gid}" == who
