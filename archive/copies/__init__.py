"""Copies of the evidence elsewhere, kept in step, and damage mended from them."""

from archive.copies.repair import repair
from archive.copies.step import Copied, add, bring_all_up, locations, remove
from archive.copies.values import Mended

__all__ = ["Copied", "Mended", "add", "bring_all_up", "locations", "remove", "repair"]
