"""What was changed between two texts or two articles. Pure: values in, values out."""

from archive.diffing.articles import ArticleDiff, compare_articles
from archive.diffing.blame import Hashed, Stretches, hashed, stretches
from archive.diffing.noise import Compared, learn, muting_slot, slots_of
from archive.diffing.operations import Op, opcodes, replay
from archive.diffing.sentences import sentences
from archive.diffing.significance import significance
from archive.diffing.text import Block, Move, TextDiff, apply, diff_text

__all__ = [
    "ArticleDiff",
    "Block",
    "Compared",
    "Hashed",
    "Move",
    "Op",
    "Stretches",
    "TextDiff",
    "apply",
    "compare_articles",
    "diff_text",
    "hashed",
    "learn",
    "muting_slot",
    "opcodes",
    "replay",
    "sentences",
    "significance",
    "slots_of",
    "stretches",
]
