"""Lists choose their rows, and figures are counted, from indexes alone: each of these held where to look, and now holds what is
asked there too."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_WIDENED = (  # name before and after, table, columns before, columns that are new
    ("reading_by_day", "reading_by_day", "reading", ["published_on"], ["rules_id", "lang", "section"]),
    (
        "ix_version_reading_id",
        "version_by_reading",
        "version",
        ["reading_id"],
        ["page_id", "rules_id", "variant", "state", "n", "first_at"],
    ),
    ("change_by_time", "change_by_time", "change", ["portal_id", "at"], ["kind", "muted", "page_id", "to_id"]),
    ("change_newest", "change_newest", "change", ["at"], ["kind", "muted", "page_id", "to_id", "portal_id"]),
    ("page_by_role", "page_by_role", "page", ["portal_id", "role", "last_visit_at"], ["first_seen", "moved_to_id", "state"]),
    ("ix_sighting_page_id", "sighting_by_page", "sighting", ["page_id"], ["section"]),
    ("ix_sighting_hub_id", "sighting_by_hub", "sighting", ["hub_id"], ["section"]),
)


def upgrade() -> None:
    """Widen the indexes."""
    for before, after, table, columns, more in _WIDENED:
        op.drop_index(before, table_name=table)
        op.create_index(after, table, columns + more, unique=False)


def downgrade() -> None:
    """As they were."""
    for before, after, table, columns, _ in _WIDENED:
        op.drop_index(after, table_name=table)
        op.create_index(before, table, columns, unique=False)
