"""Backstage chat and event chat. Only the place for them is kept as yet."""
