"""Settings: what is taken, what is refused in which words, and that the page about them is complete."""

from __future__ import annotations

import importlib.util
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from flaskapp.config import Settings, SettingsError
from flaskapp.kept_secrets import with_secrets
from flaskapp.upstreams import locked_upstreams
from tests.settings_table import SETTINGS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/configuration.md"


def documented() -> list[tuple[str, ...]]:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return [tuple(cell.strip() for cell in row.strip("|").split(" | ")) for row in rows]


def test_nothing_has_to_be_set() -> None:
    settings = Settings.from_environ({})

    assert settings == Settings(data_dir=Path("data").absolute())
    assert (settings.bind, settings.poll_interval, settings.progress_threshold) == ("127.0.0.1:2774", 2.0, 2)
    assert settings.database_url == f"sqlite:///{Path('data').absolute()}/arrivarr.db"
    assert locked_upstreams(settings) == ()


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Settings.from_environ({"PORT": "", "SEERR_URL": " ", "SEERR_API_KEY": ""}) == Settings.from_environ({})


def test_every_setting_is_read_from_its_variable(tmp_path: Path) -> None:
    settings = Settings.from_environ(
        {
            "PORT": "8080",
            "HOST": "::",
            "BASE_PATH": "/arrivarr/",
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path}/elsewhere.db",
            "WEB_CONCURRENCY": "1",
            "SECRET_KEY": "k" * 16,
            "WEBHOOK_TOKEN": "metropolis",
            "QBITTORRENT_URL": "https://box:8080/qbit/",
            "POLL_INTERVAL": "0.5",
            "PROGRESS_THRESHOLD": "5",
            "TRACK_UNREQUESTED": "Yes",
            "LOG_LEVEL": "debug",
            "DEMO": "1",
        }
    )

    assert settings == Settings(
        port=8080,
        host="::",
        base_path="/arrivarr",
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path}/elsewhere.db",
        secret_key="k" * 16,
        webhook_token="metropolis",
        qbittorrent_url="https://box:8080/qbit",
        poll_interval=0.5,
        progress_threshold=5,
        track_unrequested=True,
        log_level="DEBUG",
        demo=True,
    )
    assert settings.bind == "[::]:8080"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "\uff12774"),
        ("PORT", "2_774"),
        ("HOST", "my host"),
        ("HOST", "http://0.0.0.0"),
        ("BASE_PATH", "arrivarr"),
        ("BASE_PATH", "/a//b"),
        ("BASE_PATH", "/../etc"),
        ("DATA_DIR", "data?mode=memory"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///data/here.db"),
        ("DATABASE_URL", "postgresql:///arrivarr"),
        ("DATABASE_URL", "postgresql://arrivarr:hunter2-hunter2@db:high/arrivarr"),
        ("DATABASE_URL", "mysql://db/arrivarr"),
        ("REDIS_URL", "redis:///0"),
        ("REDIS_URL", "http://redis:6379"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_CONCURRENCY", "65"),
        ("SECRET_KEY", "hunter2"),
        ("WEBHOOK_TOKEN", "a token with spaces"),
        ("WEBHOOK_TOKEN", "häxan-1922"),
        ("SEERR_URL", "seerr:5055"),
        ("SEERR_URL", "ftp://seerr"),
        ("SEERR_URL", "http://"),
        ("SEERR_URL", "http://[::1"),
        ("SEERR_URL", "http://seerr:port"),
        ("SEERR_URL", "http://admin:hunter2@seerr:5055"),
        ("SEERR_URL", "http://seerr:5055/?apikey=hunter2"),
        ("SEERR_URL", "http://seerr:5055/#requests"),
        ("SEERR_URL", "http://seerr:5055\\radarr"),
        ("SEERR_API_KEY", "hunter2\nX-Evil: yes"),
        ("QBITTORRENT_PASSWORD", "hunter2\x00"),
        ("POLL_INTERVAL", "0"),
        ("POLL_INTERVAL", "nan"),
        ("POLL_INTERVAL", "2s"),
        ("PROGRESS_THRESHOLD", "0"),
        ("PROGRESS_THRESHOLD", "2.5"),
        ("TRACK_UNREQUESTED", "maybe"),
        ("LOG_LEVEL", "verbose"),
    ],
)
def test_nonsense_is_refused_by_name_and_never_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environ({name: value})

    assert str(refusal.value).startswith(f"{name} must be ")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("service", ["SEERR", "RADARR", "RADARR_4K", "SONARR", "SONARR_4K", "JELLYFIN"])
@pytest.mark.parametrize(("there", "missing"), [("URL", "API_KEY"), ("API_KEY", "URL")])
def test_half_a_service_is_refused_and_both_halves_named(service: str, there: str, missing: str) -> None:
    value = {"URL": "http://box:80", "API_KEY": "abc"}[there]

    with pytest.raises(SettingsError) as refusal:
        Settings.from_environ({f"{service}_{there}": value})

    assert str(refusal.value).startswith(f"{service}_{there} is set but {service}_{missing} is not")


ALONE = {"WEB_CONCURRENCY": "4"}
SHARED = {"DATABASE_URL": "postgresql://arrivarr@db/arrivarr"}
BELL = {"REDIS_URL": "redis://redis:6379/0"}


@pytest.mark.parametrize(
    ("environ", "advice"),
    [
        (ALONE, "set DATABASE_URL=postgresql://… and REDIS_URL=redis://…, or leave WEB_CONCURRENCY at 1."),
        (ALONE | BELL, "set DATABASE_URL=postgresql://… and REDIS_URL=redis://…, or leave WEB_CONCURRENCY at 1."),
        (ALONE | SHARED, "set REDIS_URL=redis://…."),
        (BELL, "set DATABASE_URL=postgresql://… as well."),
    ],
)
def test_processes_that_could_not_hear_each_other_are_refused(environ: dict[str, str], advice: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environ(environ)

    assert str(refusal.value).endswith(advice)


@pytest.mark.parametrize("environ", [SHARED, SHARED | BELL, SHARED | BELL | ALONE])
def test_processes_that_hear_each_other_may_start(environ: dict[str, str]) -> None:
    assert Settings.from_environ(environ).database_url == SHARED["DATABASE_URL"]


def test_qbittorrent_may_trust_us_without_a_password() -> None:
    assert Settings.from_environ({"QBITTORRENT_URL": "http://box:8080"}).qbittorrent_url == "http://box:8080"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"QBITTORRENT_USERNAME": "ada"}, ["QBITTORRENT_USERNAME", "QBITTORRENT_PASSWORD"]),
        ({"QBITTORRENT_PASSWORD": "hunter2"}, ["QBITTORRENT_USERNAME", "QBITTORRENT_PASSWORD"]),
        (
            {"QBITTORRENT_USERNAME": "ada", "QBITTORRENT_PASSWORD": "hunter2"},
            ["QBITTORRENT_USERNAME", "QBITTORRENT_URL"],
        ),
    ],
)
def test_half_a_login_of_qbittorrent_is_refused(environ: dict[str, str], named: list[str]) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environ(environ)

    assert all(name in str(refusal.value) for name in named)
    assert "hunter2" not in str(refusal.value)


def test_a_second_radarr_is_known_as_4k() -> None:
    settings = Settings.from_environ(
        {
            "RADARR_URL": "http://radarr:7878",
            "RADARR_API_KEY": "hunter2",
            "RADARR_4K_URL": "http://radarr-4k:7878",
            "RADARR_4K_API_KEY": "hunter2",
        }
    )

    rows = [(each.name, each.source, each.instance, each.is_4k) for each in locked_upstreams(settings)]

    assert rows == [("Radarr", "radarr", "radarr", False), ("Radarr 4K", "radarr", "4k", True)]


def test_a_setting_can_come_from_a_file(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("metropolis-1927\n")

    settings = Settings.from_environ({"WEBHOOK_TOKEN_FILE": str(token)})

    assert settings.webhook_token == "metropolis-1927"


def test_a_setting_from_two_places_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PORT and PORT_FILE are both set"):
        Settings.from_environ({"PORT": "2774", "PORT_FILE": str(tmp_path / "port")})


def test_a_file_that_is_not_there_is_named_by_its_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SEERR_API_KEY_FILE names a file that can't be read"):
        Settings.from_environ({"SEERR_API_KEY_FILE": str(tmp_path / "missing")})


PLACES = ("DATABASE_URL", "REDIS_URL")


def test_no_secret_shows_when_settings_are_printed() -> None:
    secret = "hunter2-hunter2-hunter2"
    environ = {setting.name: secret for setting in SETTINGS if setting.secret and setting.name not in PLACES}
    urls = {name.replace("API_KEY", "URL"): "http://box" for name in environ if name.endswith("API_KEY")}
    login = {"QBITTORRENT_URL": "http://box", "QBITTORRENT_USERNAME": "ada"}

    settings = Settings.from_environ({**environ, **urls, **login})

    assert len(environ) == 11
    assert secret not in repr(settings)
    assert secret not in repr(locked_upstreams(settings))


def test_secrets_are_made_once_and_kept_for_us_alone(tmp_path: Path) -> None:
    settings = Settings.from_environ({"DATA_DIR": str(tmp_path / "new")})

    first, second = with_secrets(settings), with_secrets(settings)

    assert first == second
    made = {first.secret_key, first.webhook_token, first.read_key}
    assert len(made) == 3
    assert min(map(len, made)) >= 32
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()}
    assert modes == {"read_key": 0o600, "secret_key": 0o600, "webhook_token": 0o600}


def test_a_secret_that_was_set_is_not_kept(tmp_path: Path) -> None:
    given = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "s" * 20, "WEBHOOK_TOKEN": "metropolis", "READ_KEY": "r" * 20}

    settings = with_secrets(Settings.from_environ(given))

    assert (settings.secret_key, settings.webhook_token, settings.read_key) == ("s" * 20, "metropolis", "r" * 20)
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_kept_where_no_links_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_names: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    settings = Settings.from_environ({"DATA_DIR": str(tmp_path)})

    assert with_secrets(settings) == with_secrets(settings)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["read_key", "secret_key", "webhook_token"]


def test_a_start_at_the_same_moment_gets_the_same_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def link_too_late(draft: str, path: Path) -> None:
        path.write_text("made-by-the-other-start")
        link(draft, path)

    monkeypatch.setattr(os, "link", link_too_late)

    settings = with_secrets(Settings.from_environ({"DATA_DIR": str(tmp_path)}))

    assert settings.webhook_token == "made-by-the-other-start"


def test_a_cut_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "webhook_token").write_text("")

    with pytest.raises(SettingsError, match="webhook_token file in DATA_DIR is too short"):
        with_secrets(Settings.from_environ({"DATA_DIR": str(tmp_path)}))


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingsError, match="DATA_DIR can't keep its secret_key file"):
        with_secrets(Settings.from_environ({"DATA_DIR": str(tmp_path / "file" / "data")}))


def test_the_page_about_settings_is_complete_and_true() -> None:
    expected = [(f"`{row.name}`", row.kind, row.default, row.meaning) for row in SETTINGS]

    assert documented() == expected


def test_settings_load_by_path_without_our_package() -> None:
    # gunicorn.conf.py does so: importing the package would import flask before gevent patches.
    spec = importlib.util.find_spec("flaskapp.config")
    assert spec is not None
    script = (
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('settings_alone', {spec.origin!r})\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "sys.modules[spec.name] = module\n"
        "spec.loader.exec_module(module)\n"
        "assert module.Settings.from_environ({}).port == 2774\n"
        "assert not {'flaskapp', 'flask', 'gevent', 'requests', 'sqlalchemy'} & set(sys.modules)\n"
    )

    run = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)

    assert run.stderr == ""
