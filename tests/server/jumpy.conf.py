"""gunicorn.conf.py where libfaketime gives the time: it can't sleep once it leaves the monotonic clock alone."""

from __future__ import annotations

import runpy
import select
import time

globals().update(runpy.run_path("gunicorn.conf.py"))
time.sleep = lambda seconds: select.select([], [], [], float(seconds)) and None
