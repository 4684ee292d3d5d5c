"""What every new app compiles anew, compiled once: tests make thousands of apps, and most of their work was this."""

from __future__ import annotations

from collections.abc import Callable

from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class Templates(BytecodeCache):
    """Keeps templates compiled; Jinja compares them with their source before it takes them."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Templates()
STATEMENTS: dict[object, object] = {}
"""What SQLAlchemy has compiled, for engines that ``keep_statements`` was asked for."""


def same_dialects() -> None:
    """Let dialects of one class be the same one: the keys of what SQLAlchemy has compiled begin with them."""
    DefaultDialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign]
    DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]


def keep_statements(engine: Engine) -> None:
    """Let an engine take statements compiled where another one has used them before."""
    engine.update_execution_options(compiled_cache=STATEMENTS)


def keep_rules() -> None:
    """Let Werkzeug keep the functions that build addresses: one is the same for every app with that rule."""
    known: dict[tuple[object, ...], Builder] = {}
    compile_builder = Rule._compile_builder  # noqa: SLF001  # there is no public way

    def once(rule: Rule, append_unknown: bool = True) -> Builder:  # the signature of Werkzeug
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (rule.rule, append_unknown, *rule._trace)  # noqa: SLF001
        if key not in known:
            known[key] = compile_builder(rule, append_unknown)
        return known[key]

    Rule._compile_builder = once  # type: ignore[method-assign, assignment]  # noqa: SLF001
