"""Requests to share, the Moderation panel, the audit log, and the webhooks that are told of it."""
