"""PURE: the Merkle tree of RFC 9162 section 2.1, over whatever gives the hashes of its full subtrees."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

Node = Callable[[int, int], bytes]  # (level, index) -> hash of the full subtree over leaves index*2^level ...


def leaf_hash(entry: bytes) -> bytes:
    """Hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(node: Node, size: int) -> bytes:
    """Head of the tree over the first `size` leaves."""
    return _range(node, 0, size) if size else hashlib.sha256(b"").digest()


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """Path from leaf `index` to the head of the tree of `size` leaves, lowest first (RFC 9162 2.1.3)."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range(node, middle, end))
            end = middle
        else:
            path.append(_range(node, start, middle))
            start = middle
    return path[::-1]


def consistency(node: Node, old: int, size: int) -> list[bytes]:
    """Proof that the tree of `size` leaves begins with the tree of `old` leaves (RFC 9162 2.1.4)."""
    if not 0 < old <= size:
        raise ValueError(f"no tree of {old} in a tree of {size}")
    path: list[bytes] = []
    start, end, whole = 0, size, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range(node, middle, end))
            end = middle
        else:
            path.append(_range(node, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(_range(node, start, end))
    return path[::-1]


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << (count - 1).bit_length() - 1


def _range(node: Node, start: int, end: int) -> bytes:
    count = end - start
    level = count.bit_length() - 1
    if count == 1 << level:  # RFC splits put a range of 2^n leaves at a multiple of 2^n
        return node(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range(node, start, middle), _range(node, middle, end))
