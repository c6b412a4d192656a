"""Labelled pictures of invented people, drawn anew for every measurement."""
