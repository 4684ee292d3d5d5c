"""The house stays as docs/design.md draws it: who may import whom, and no hidden ways round it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "flaskapp"
CODE = sorted([*HOUSE.rglob("*.py"), *ROOT.glob("demo/**/*.py"), *ROOT.glob("*.py")])
TESTS = [path for path in sorted(ROOT.glob("tests/**/*.py")) if "node_modules" not in path.parts]

EVERYTHING_BUT_POLLING = {
    *("domain", "config", "signals", "extensions", "sources", "clients", "models", "tracking", "live", "pipeline"),
    *("upstreams", "access", "deliveries", "setup", "views", "cli"),
}
MAY_IMPORT = {
    "domain": set[str](),
    "config": set[str](),
    "upstreams": {"access", "config", "extensions", "models"},
    "kept_secrets": {"config"},
    "signals": set[str](),
    "extensions": {"config"},
    "sources": {"domain"},
    "clients": {"domain"},
    "models": {"domain", "extensions"},
    "tracking": {"domain", "models", "extensions", "config"},
    "live": {"domain", "models", "extensions", "config", "signals"},
    "access": {"domain", "models", "extensions", "config", "clients", "live"},
    "pipeline": {"domain", "models", "extensions", "tracking", "live"},
    "deliveries": {"domain", "sources", "pipeline", "models", "extensions", "config", "signals", "upstreams"},
    "polling": {
        *("domain", "sources", "clients", "pipeline", "deliveries", "models", "extensions", "config", "signals"),
        *("upstreams", "access", "setup"),
    },
    "setup": {"access", "clients", "config", "domain", "extensions", "models", "sources", "upstreams"},
    "views": EVERYTHING_BUT_POLLING,
    "cli": EVERYTHING_BUT_POLLING,
    "": EVERYTHING_BUT_POLLING | {"polling", "kept_secrets"},
}
"""The import table of docs/design.md; the empty name is ``flaskapp/__init__.py``."""

HTTP = {"requests", "urllib3", "httpx", "http.client", "urllib.request"}
NEVER = {
    "domain": {"flask", "flask_sqlalchemy", "sqlalchemy", "gevent", *HTTP},
    "sources": {"flask", "flask_sqlalchemy", "sqlalchemy", "gevent", "os", "pathlib", "socket", "subprocess", *HTTP},
    "clients": {"flask", "flask_sqlalchemy", "sqlalchemy"},
    "tracking": {"flask", "gevent", *HTTP},
    "live": HTTP,
}
CLOCKLESS = {"domain", "sources", "tracking"}
CLOCKS = {"now", "utcnow", "today", "monotonic"}
NAMELESS = {"utils", "helpers", "common", "core", "base", "manager", "services"}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room(module: str) -> str:
    """Name the room of ``flaskapp.live.hub``: ``live``; the house itself is the empty name."""
    return [*module.split("."), ""][1]


def imports(tree: ast.AST, modules: Iterable[str]) -> Iterator[str]:
    """Name what a file imports: ``from flaskapp.live import sse`` means ``flaskapp.live.sse`` if there is one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "Imports are written in full."
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules else str(node.module)


def is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def trespasses(name: str, tree: ast.AST, modules: Iterable[str]) -> list[str]:
    """List the imports of a module of ours that the table forbids."""
    here, found = room(name), []
    for wanted in imports(tree, modules):
        if is_within(wanted, "flaskapp"):
            if room(wanted) != here and room(wanted) not in MAY_IMPORT[here]:
                found.append(f"{name} imports {wanted}")
        elif any(is_within(wanted, banned) for banned in NEVER.get(here, ())):
            found.append(f"{name} imports {wanted}")
    return found


def hidden_imports(tree: ast.AST) -> list[int]:
    """List the lines of imports inside functions."""
    functions = (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    inside = (node for function in functions for node in ast.walk(function))
    return [node.lineno for node in inside if isinstance(node, (ast.Import, ast.ImportFrom))]


def clock_readings(tree: ast.AST) -> list[int]:
    """List the lines that ask what time it is."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call.lineno for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in CLOCKS]


HOUSE_TREES = {module_name(path): parse(path) for path in HOUSE.rglob("*.py")}


@pytest.mark.parametrize("name", sorted(HOUSE_TREES))
def test_a_room_imports_only_what_the_table_allows(name: str) -> None:
    assert trespasses(name, HOUSE_TREES[name], HOUSE_TREES) == []


def test_every_room_is_in_the_table() -> None:
    assert {room(name) for name in HOUSE_TREES} <= set(MAY_IMPORT)


def test_the_design_shows_the_same_table() -> None:
    page = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    rows = [row.strip("|").split(" | ") for row in page.splitlines() if row.startswith("| `")]
    drawn = {room.strip(" `"): cells[1] for room, *cells in rows if room.strip(" `") in MAY_IMPORT}

    assert drawn == {
        name: ", ".join(sorted(allowed)) or "–"  # noqa: RUF001  # the page's sign for nothing
        for name, allowed in MAY_IMPORT.items()
        if allowed not in (EVERYTHING_BUT_POLLING, MAY_IMPORT[""])
    }


def test_modules_know_no_circles() -> None:
    graph = {name: set(imports(tree, HOUSE_TREES)) & set(HOUSE_TREES) for name, tree in HOUSE_TREES.items()}

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"A circle of imports: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("path", [*CODE, *TESTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_hides_in_a_function(path: Path) -> None:
    assert hidden_imports(parse(path)) == []


@pytest.mark.parametrize("name", sorted(name for name in HOUSE_TREES if room(name) in CLOCKLESS))
def test_rules_ask_no_clock(name: str) -> None:
    assert clock_readings(HOUSE_TREES[name]) == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_read_in_one_go(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("__init__.py")), ids=module_name)
def test_a_room_has_a_plate_on_its_door(path: Path) -> None:
    assert ast.get_docstring(parse(path))


def test_modules_are_named_after_things() -> None:
    assert [path for path in CODE if path.stem in NAMELESS] == []


def test_a_forbidden_import_is_found() -> None:
    tree = ast.parse("from flaskapp.live import hub\nfrom sqlalchemy.orm import Session\nimport json")

    found = trespasses("flaskapp.domain.rule", tree, {"flaskapp.live.hub"})

    assert found == [
        "flaskapp.domain.rule imports flaskapp.live.hub",
        "flaskapp.domain.rule imports sqlalchemy.orm",
    ]


def test_the_factory_is_out_of_bounds_for_the_rooms() -> None:
    tree = ast.parse("from flaskapp import create_app")

    assert trespasses("flaskapp.views.board", tree, set()) == ["flaskapp.views.board imports flaskapp"]


def test_a_hidden_import_is_found() -> None:
    assert hidden_imports(ast.parse("def rule():\n    import json\n")) == [2]


def test_a_clock_in_a_rule_is_found() -> None:
    assert clock_readings(ast.parse("seen_at = datetime.now(UTC)")) == [1]
