"""How often does a process look for garbage in its memory? Rarely: what is loaded stays, and most of the rest dies young."""

import gc


def spare_what_is_loaded() -> None:
    """Leave all objects there are now out of every later collection, and collect less often.

    To be called once, when a process that works through many pages has loaded what it needs. A collection that walks through
    Scrapy, SQLAlchemy and the extractor again cost a tenth of a crawl's main thread. A page leaves some thousand objects,
    nearly all of which die by their count of references alone.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
