"""What every reading process needs, loaded once before the first of them is forked: the extractor and its language model."""

import gc
import signal

# Ctrl-C reaches every process of a terminal; the crawl answers it and ends its readers when their pages are read.
signal.signal(signal.SIGINT, signal.SIG_IGN)

from crawler.extraction import reader as reader  # noqa: E402 - what takes a second must not be in reach of Ctrl-C either
from crawler.extraction.language import detected  # noqa: E402

detected("Bu sətir dil modelini oxutmaq üçündür: onu hər proses ayrıca oxumasın deyə burada bir dəfə soruşulur.")

# What is loaded now stays: left out of collections, it is neither walked through again nor copied into every process.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)  # a page leaves some thousand objects, nearly all of which die by their count alone
