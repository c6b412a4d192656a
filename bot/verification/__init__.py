"""Checks: the ways to show where somebody works and that somebody is a physician."""
