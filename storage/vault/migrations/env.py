"""Alembic's way into the identity vault; loaded by path when a migration runs."""

from storage.migrating import run_migrations
from storage.vault.tables import metadata

run_migrations(metadata)
