"""What layers above may want to know. Sent inside the transaction; receivers write rows and announce, nothing else."""

from django.dispatch import Signal

#: A person left a Backstage for good, or did not come back in time. Arguments: `participant`.
participant_left = Signal()
