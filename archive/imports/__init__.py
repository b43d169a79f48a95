"""Foreign WARC files and WACZ packages, read as the exchanges they hold."""

from archive.imports.containers import open_container
from archive.imports.foreign import Capture, Foreign, open_foreign

__all__ = ["Capture", "Foreign", "open_container", "open_foreign"]
