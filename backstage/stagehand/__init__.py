"""The stagehand: the one process that makes Janus agree with the database, and runs the delay lines.

desired.py   what should be, read from the database
observed.py  what is, asked from Janus and from our own delay lines
plan.py      pure: the steps that lead from one to the other
runner.py    takes the steps, again and again
"""
