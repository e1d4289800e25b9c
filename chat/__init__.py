"""Backstage chat and event chat: rooms, what is written in them, and who is muted there."""
