"""How much the suite against the real server does: a short form for every build, all of it with ``CHAOS_FULL=1``."""

from __future__ import annotations

import os

IS_FULL = os.environ.get("CHAOS_FULL") == "1"

EVENTS = 100_000 if IS_FULL else 5_000
"""So many changes, each read exactly once and in order by everybody."""
COMINGS = 10_000 if IS_FULL else 1_000
"""So many clients come and leave, politely or not."""
STREAMS = 1_000
"""So many boards are open at once; one process has to bear that in every form."""
CUT_EVERY = 1 if IS_FULL else 499
"""A replay is cut after every so manyth byte."""
IDLE = 300 if IS_FULL else 6
"""Seconds of silence, heartbeats aside."""
HEARTBEAT = 15.0 if IS_FULL else 2.0
UNANSWERED_MS = 30_000 if IS_FULL else 4_000
"""After so long without an acknowledgement a peer counts as gone."""
PATIENCE = 3_600 if IS_FULL else 120
"""Seconds that one test may take."""
