"""The disks of the house: one for downloads, one for the library."""

from __future__ import annotations

from dataclasses import dataclass

TERABYTE = 10**12


@dataclass
class Disk:
    """A disk as all services see it, in bytes."""

    path: str
    free: int = TERABYTE
    total: int = 4 * TERABYTE

    @property
    def is_full(self) -> bool:
        """Tell whether nothing more fits."""
        return self.free <= 0


@dataclass
class Disks:
    """All disks."""

    downloads: Disk
    library: Disk

    def of(self, root: str) -> tuple[Disk, Disk]:
        """Give the disks as Radarr or Sonarr lists them: its library folder is where the second is mounted."""
        return self.downloads, Disk(root, self.library.free, self.library.total)
