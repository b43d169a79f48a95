"""`make bench`: workload W crawled by onrecord and, in the same run, by its peers; ratios, not times, are the result."""
