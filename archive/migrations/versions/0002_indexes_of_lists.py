"""Indexes of lists: readings by day and by section, so that no long row is read that is not shown; of moved pages only those
that moved, because SQLite took the index of all for the way to the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("reading_by_day", "reading", ["published_on"], unique=False)
    op.create_index("reading_by_section", "reading", ["section"], unique=False)
    op.drop_index("ix_page_moved_to_id", table_name="page")
    moved = sa.text("moved_to_id IS NOT NULL")
    op.create_index("page_moved", "page", ["moved_to_id"], unique=False, sqlite_where=moved, postgresql_where=moved)


def downgrade() -> None:
    """As it was."""
    op.drop_index("page_moved", table_name="page")
    op.create_index("ix_page_moved_to_id", "page", ["moved_to_id"], unique=False)
    op.drop_index("reading_by_section", table_name="reading")
    op.drop_index("reading_by_day", table_name="reading")
