"""Alembic's way into the roster; loaded by path when a migration runs."""

from storage.migrating import run_migrations
from storage.roster.tables import metadata

run_migrations(metadata)
