"""nginx on loopback with a configuration of its own, in a temporary folder, stopped by its pid."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONF = """worker_processes 1; daemon off; pid {run}/nginx.pid; error_log {run}/error.log;
events {{ worker_connections 256; }}
http {{ types {{ text/html html; text/xml xml; text/plain txt; }} default_type text/html; charset utf-8;
 gzip on; gzip_comp_level 4; gzip_types text/xml; access_log off; keepalive_requests 100000;
 client_body_temp_path {run}/a; proxy_temp_path {run}/b; fastcgi_temp_path {run}/c;
 uwsgi_temp_path {run}/d; scgi_temp_path {run}/e;
 server {{ listen 127.0.0.1:{port}; root {root}; }} }}
"""


@contextmanager
def serve(root: Path, run: Path) -> Iterator[str]:
    """Serve `root`; yields the base URL. RuntimeError where nginx is not installed."""
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if binary is None:
        raise RuntimeError("the benchmark serves its workload with nginx: install it (Debian: nginx-light)")
    run.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (run / "nginx.conf").write_text(("user root;\n" if os.geteuid() == 0 else "") + CONF.format(run=run, port=port, root=root))
    process = subprocess.Popen([binary, "-c", str(run / "nginx.conf"), "-p", str(run)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
