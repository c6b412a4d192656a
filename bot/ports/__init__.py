"""Ports: what commands ask of the floors above them."""
