"""What every reading process needs, loaded once before the first of them is forked: the extractor and its language model."""

import gc

from crawler.extraction import reader as reader
from crawler.extraction.language import detected

detected("Bu sətir dil modelini oxutmaq üçündür: onu hər proses ayrıca oxumasın deyə burada bir dəfə soruşulur.")

# What is loaded now stays: left out of collections, it is neither walked through again nor copied into every process.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)  # a page leaves some thousand objects, nearly all of which die by their count alone
