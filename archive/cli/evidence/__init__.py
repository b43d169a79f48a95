"""Commands about the evidence: is it whole, can it be proved, where are its copies."""
