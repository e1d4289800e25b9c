"""Requests to share, the Moderation panel, and the audit log."""
