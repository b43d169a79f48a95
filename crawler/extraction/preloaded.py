"""What every reading process needs, loaded once before the first of them is forked: the extractor and its language model."""

from crawler.extraction import reader as reader
from crawler.extraction.language import detected

detected("Bu sətir dil modelini oxutmaq üçündür: onu hər proses ayrıca oxumasın deyə burada bir dəfə soruşulur.")
