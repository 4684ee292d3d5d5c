"""Commands for the person who runs it: ``flask prepare``, ``invite``, ``replay``, ``prune``, ``new-epoch``."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from flaskapp.access import invitations, people
from flaskapp.access.first_visit import WITH_A_CODE, new_first_code
from flaskapp.config import Settings
from flaskapp.deliveries import Deliveries
from flaskapp.domain.provider import Provider
from flaskapp.extensions import writing
from flaskapp.models.setting import EPOCH, read_setting, write_setting
from flaskapp.sources import SOURCES


def register(app: Flask) -> None:
    """Add the commands."""
    for command in (prepare, invite, replay, prune, new_epoch):
        app.cli.add_command(command)


@click.command()
@with_appcontext
def prepare() -> None:
    """Migrate the database and say where the board and its webhooks are."""
    settings: Settings = current_app.extensions["settings"]
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(directory=current_app.extensions["migrate"].directory)
    with writing() as session:
        if read_setting(session, EPOCH) is None:
            write_setting(session, EPOCH, secrets.token_hex(4))
        code = new_first_code(session, Provider(settings.auth)) if settings.auth in WITH_A_CODE else None
    address = _address(settings)
    click.echo(f"\n  Arrivarr   {address}/\n")
    if code:
        click.echo(f"  first visit  {address}/join?code={code}")
        click.echo("               (whoever uses it first is the admin)\n")
    key = "" if settings.auth == "none" else f"-H 'X-Api-Key: {settings.read_key}' "
    click.echo(f"  watch it   curl -N {key}{address}/events\n")
    for sender in SOURCES:
        click.echo(f"  webhook    {address}/webhooks/{sender}")
    click.echo(f"  token      {settings.webhook_token}")
    click.echo("             (Authorization: Bearer …, X-Api-Key, the password of Basic, or ?token=)\n")


def _address(settings: Settings) -> str:
    return f"http://{_reachable(settings.host)}:{settings.port}{settings.base_path}"


def _reachable(host: str) -> str:
    if host in ("127.0.0.1", "0.0.0.0", "::", "::1"):  # noqa: S104  # compared, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host


@click.command()
@click.argument("name")
@with_appcontext
def invite(name: str) -> None:
    """Print an address where somebody with an account chooses a password anew: also an admin who lost theirs."""
    now = datetime.now(UTC)
    try:
        with writing() as session:
            user = people.find(session, name)
            if user is None:
                raise click.ClickException("Nobody with an account of this board has this name.")
            code = invitations.invite(session, user, now)
    except people.PeopleError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{_address(current_app.extensions['settings'])}/join?code={code}")
    click.echo(f"Good once, and for {invitations.VALID_FOR.days} days.")


@click.command()
@click.argument("ids", nargs=-1, type=int)
@with_appcontext
def replay(ids: tuple[int, ...]) -> None:
    """Apply kept webhooks again: those named, or all that failed."""
    deliveries: Deliveries = current_app.extensions["deliveries"]
    results = deliveries.replay(list(ids), datetime.now(UTC))
    if not results:
        click.echo("Nothing to apply.")
    for delivery_id, applied in results:
        click.echo(f"{delivery_id}: {applied.outcome}{f' ({applied.reason})' if applied.reason else ''}")


@click.command()
@with_appcontext
def prune() -> None:
    """Drop webhook bodies that are older than a month and were applied."""
    deliveries: Deliveries = current_app.extensions["deliveries"]
    click.echo(f"{deliveries.prune(datetime.now(UTC))} webhook bodies dropped")


@click.command("new-epoch")
@with_appcontext
def new_epoch() -> None:
    """Let every browser reload its board: after a restore, ids may stand for other changes."""
    with writing() as session:
        if read_setting(session, EPOCH) is None:
            raise click.ClickException("The database is not prepared yet: run flask prepare.")
        write_setting(session, EPOCH, secrets.token_hex(4))
    click.echo("New epoch. Restart the server so that it takes effect.")
