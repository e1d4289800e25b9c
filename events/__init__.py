"""Organizations, members, events, registrations and stages; accounts; the dashboard and the public pages."""
