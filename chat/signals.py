"""What layers above may want to know. Sent inside the transaction; receivers write rows and announce, nothing else."""

from django.dispatch import Signal

#: An organizer did what the audit log keeps. `action`: an `Action`; `actor`: User; `room`: the Room, or None where it
#: holds for all of the event's; `event`: Event; `target`: User or None, whom it was done to.
acted = Signal()
