"""What can be handed on: citations, and the record as JSON lines, CSV, Parquet, Markdown files or a git repository."""
