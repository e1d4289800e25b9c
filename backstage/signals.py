"""What layers above may want to know. Sent inside the transaction; receivers write rows and announce, nothing else."""

from django.dispatch import Signal

#: `participants` of `session` have just left, in whatever way: together, so that what follows is told once.
participants_left = Signal()

#: `participant`: has just been given a place on screen, by whomever.
came_on_screen = Signal()

#: Somebody did what the audit log keeps. `action`: an `Action`; `actor`: User; `session`: BackstageSession;
#: `target`: User or None; `detail`: str, a word for people who read the log, or empty.
acted = Signal()
