"""What layers above may want to know. Sent inside the transaction; receivers write rows and announce, nothing else."""

from django.dispatch import Signal

#: `actor` has blocked (`now` True) or unblocked `user` from `event`. `blocked_in`: UUID of the Backstage session where
#: that was done, or None.
blocked = Signal()

#: `user` is about to delete their account. Their rows are still there, and gone when the transaction ends.
account_closing = Signal()

#: `organization` is about to be deleted with its events. All rows are still there, and gone when the transaction ends.
organization_closing = Signal()

#: `actor` did what a log keeps to `event`. `deed`: a `Deed`; `user`: User whom it was done to, or None; `detail`: str,
#: names of changed fields, a speaker's name, names in their new order, or empty.
dashboard_acted = Signal()

#: `actor` has changed `stage`. `what`: "added", "renamed", "delay", "provider", "archived" or "restored"; `detail`: a
#: word for people who read the log.
stage_changed = Signal()

#: `event` was archived, or is a draft again: fewer may come to it than before. Receivers put out whoever may not stay.
access_narrowed = Signal()

#: `event` is published: more may come to it than before.
access_widened = Signal()
