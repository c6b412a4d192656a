"""Relay: takes deliveries from the outbox; members become accounts again."""
