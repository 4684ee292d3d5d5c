"""Ask the server in this container whether it is alive; the exit code is the answer."""

from __future__ import annotations

import os
import sys
from urllib.request import urlopen


def main() -> int:
    """Give 0 when the server answers, else 1."""
    try:
        with urlopen(f"http://127.0.0.1:{os.environ.get('PORT') or 2774}/healthz", timeout=4) as answer:
            return int(answer.status != 200)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
