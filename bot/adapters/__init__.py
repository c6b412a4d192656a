"""Adapters: translate between a platform and the neutral cards and events."""
