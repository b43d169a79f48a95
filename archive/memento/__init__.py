"""The record as a web archive: captures of an address, TimeGate, TimeMap (RFC 7089) and CDX queries."""

from archive.memento.captures import Memento, answer, at_stamp, mementos, nearest, parse_stamp
from archive.memento.cdx import cdx
from archive.memento.timemap import (
    Addresses,
    accept_datetime,
    cdxj_timemap,
    json_timemap,
    link_format,
    memento_headers,
    timegate_headers,
)

__all__ = [
    "Addresses",
    "Memento",
    "accept_datetime",
    "answer",
    "at_stamp",
    "cdx",
    "cdxj_timemap",
    "json_timemap",
    "link_format",
    "memento_headers",
    "mementos",
    "nearest",
    "parse_stamp",
    "timegate_headers",
]
