"""Alembic's way into the content database; loaded by path when a migration runs."""

from storage.content.tables import metadata
from storage.migrating import run_migrations

run_migrations(metadata)
