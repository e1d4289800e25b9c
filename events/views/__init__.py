"""Pages: they translate; rules are in permissions, writes in services."""
