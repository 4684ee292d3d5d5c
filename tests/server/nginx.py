"""A real nginx in front of a server, with the configuration that we recommend."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

from tests.server.process import ROOT, Server, free_port, wait_until

TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Nginx:
    """Starts at once. ``version`` is that of HTTP towards the server, ``extra`` goes into its block."""

    def __init__(self, folder: Path, server: Server, version: str = "1.1", extra: str = "", tls: bool = False) -> None:
        folder.mkdir()
        self._folder, self.port = folder, free_port()
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self.certificate = folder / "certificate.pem"
        if tls:
            extra += self._sign()
        text = self._configuration(server.port, version, f"127.0.0.1:{self.port}{' ssl http2' * tls}; {extra}")
        (folder / "nginx.conf").write_text(text)
        self._process = self._start()

    def _configuration(self, upstream: int, version: str, listen: str) -> str:
        """Give the configuration we recommend, on free ports and with all files in a folder of the test."""
        folder = self._folder
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        for known, ours in (
            (r"pid [^;]+;", f"pid {folder}/nginx.pid; error_log {folder}/error.log;"),
            (r"listen 80;", f"listen {listen}"),
            (r"http://127\.0\.0\.1:2774", f"http://127.0.0.1:{upstream}"),
            (r"proxy_http_version 1\.1;", f"proxy_http_version {version};"),
            (r"http \{", "http { " + " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)),
        ):
            text, count = re.subn(known, lambda _, ours=ours: ours, text)  # type: ignore[misc]
            assert count == 1, known
        return text

    def _sign(self) -> str:
        """Make a certificate for this address and give the lines that name it."""
        key, name = self._folder / "key.pem", "127.0.0.1"
        made = [
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "1",
            "-keyout",
            str(key),
        ]
        says = ["-out", str(self.certificate), "-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:{name}"]
        subprocess.run(["openssl", "req", "-x509", *made, *says], check=True, capture_output=True)
        return f"ssl_certificate {self.certificate}; ssl_certificate_key {key};"

    def _start(self) -> subprocess.Popen[bytes]:
        folder = self._folder
        command = ["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf", "-g", "daemon off;"]
        process = subprocess.Popen(command)
        wait_until((folder / "nginx.pid").exists)
        return process

    def stop(self) -> None:
        """Close all connections and leave."""
        self._process.terminate()
        self._process.wait(10)

    def repair(self, without: str) -> None:
        """Go on without these words in its configuration, as after an admin's reload."""
        path = self._folder / "nginx.conf"
        path.write_text(path.read_text().replace(without, ""))
        self._process.send_signal(signal.SIGHUP)

    def restart(self) -> None:
        """Be away for a moment, as after an update."""
        self.stop()
        wait_until(lambda: not (self._folder / "nginx.pid").exists())
        self._process = self._start()
