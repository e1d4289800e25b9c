"""The stagehand: the one process that makes Janus agree with the database, and runs the delay lines.

desired.py      what should be, read from the database
observed.py     what is; observer.py and room_ear.py find it out from Janus, show_line.py is our own delay line
steps.py        what can be done
plan.py         pure: the steps that lead from one to the other
runner.py       all of its works side by side; tender.py tends one Backstage, again and again
eyes.py         look at Janus while it is there; own_handles.py are those by which it looks, and does what it does
hands.py        take one step; forwards.py those into a line; refusals.py counts those that Janus refuses
left_behind.py  clears away what was left of deleted Backstages
open_lines.py   the lines of all that are on air; line_keeper.py ends at once what is to end in one
recorder.py     writes down what comes out of a line; forgetting.py lets go of what is kept for a while only
ears.py         one in each room; talking.py  who talks; attendance.py  who is there
heartbeat.py    a sign of life; sights.py  what it sees
"""
