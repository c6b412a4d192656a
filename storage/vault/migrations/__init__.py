"""Migrations of the identity vault."""
