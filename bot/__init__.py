"""Curbside: case consults between hospital chats, under screen names."""
