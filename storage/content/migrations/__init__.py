"""Migrations of the content database."""
