"""Captures that others made: brought in from WARC and WACZ files, or from public web archives, through the same ingest."""
