"""The programs in C, built when their source is newer."""

from __future__ import annotations

import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE / "built"
SOURCES = {
    "load": sorted((HERE / "client").glob("*.[ch]")),
    "epoll_server": [HERE / "peers" / "epoll_server.c"],
}


def program(name: str, folder: Path = BUILT) -> Path:
    """Give the path of a program; build it first if need be."""
    path = folder / name
    sources = SOURCES[name]
    if not path.exists() or path.stat().st_mtime < max(source.stat().st_mtime for source in sources):
        folder.mkdir(parents=True, exist_ok=True)
        flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", "-o", str(path)]
        subprocess.run(["gcc", *flags, *(str(each) for each in sources if each.suffix == ".c")], check=True)
    return path
