"""What every reading process needs, loaded once before the first of them is forked: the extractor and its language model."""

import gc
import signal
from contextlib import suppress

# Ctrl-C reaches every process of a terminal; the crawl answers it and ends its readers when their pages are read.
signal.signal(signal.SIGINT, signal.SIG_IGN)

from archive.garbage import spare_what_is_loaded  # noqa: E402
from crawler.extraction import reader as reader  # noqa: E402 - what takes a second must not be in reach of Ctrl-C either
from crawler.extraction.language import detected  # noqa: E402

# The model is unpacked into a temporary file: where the disk is full this process goes on without, and a page that needs the
# model says so itself.
with suppress(OSError):
    detected("Bu sətir dil modelini oxutmaq üçündür: onu hər proses ayrıca oxumasın deyə burada bir dəfə soruşulur.")

# Left out of collections, what is loaded is not copied into every process either.
gc.collect()
spare_what_is_loaded()
