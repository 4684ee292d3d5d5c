"""How gunicorn serves the naive app: as it comes, but for a shorter wait at the end."""

from __future__ import annotations

import os

bind = f"127.0.0.1:{os.environ['PORT']}"
worker_class = "gevent"
graceful_timeout = 6
control_socket_disable = True
