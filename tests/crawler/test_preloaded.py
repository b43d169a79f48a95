"""What reading processes are forked from must start where the disk is full, or none of them would."""

from __future__ import annotations

import subprocess
import sys


def test_it_goes_on_where_no_temporary_file_can_be_written() -> None:
    script = f"ulimit -f 300; exec {sys.executable} -c 'import crawler.extraction.preloaded; print(\"ready\")'"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=90, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "ready"), done.stderr
