"""Readings by the day they were published and by section: lists and their filters read no long row that they do not show."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("reading_by_day", "reading", ["published_on"], unique=False)
    op.create_index("reading_by_section", "reading", ["section"], unique=False)


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("reading_by_section", table_name="reading")
    op.drop_index("reading_by_day", table_name="reading")
