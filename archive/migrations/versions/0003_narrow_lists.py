"""Lists choose their rows from indexes alone: readings by day with what lists are filtered by, versions by the text they show
with what is asked of a version."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OF_VERSION = ["reading_id", "page_id", "rules_id", "variant", "state", "n", "first_at"]


def upgrade() -> None:
    """Widen the two indexes."""
    op.drop_index("reading_by_day", table_name="reading")
    op.create_index("reading_by_day", "reading", ["published_on", "rules_id", "lang", "section"], unique=False)
    op.drop_index("ix_version_reading_id", table_name="version")
    op.create_index("version_by_reading", "version", _OF_VERSION, unique=False)


def downgrade() -> None:
    """As they were."""
    op.drop_index("version_by_reading", table_name="version")
    op.create_index("ix_version_reading_id", "version", ["reading_id"], unique=False)
    op.drop_index("reading_by_day", table_name="reading")
    op.create_index("reading_by_day", "reading", ["published_on"], unique=False)
