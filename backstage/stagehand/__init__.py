"""The stagehand: the one process that makes Janus agree with the database, and runs the delay lines.

desired.py      what should be, read from the database
observed.py     what is; observer.py and room_ear.py find it out from Janus, show_line.py is our own delay line
steps.py        what can be done
plan.py         pure: the steps that lead from one to the other
runner.py       takes the steps, again and again; refusals.py counts those that Janus refuses
line_keeper.py  ends at once what is to end in a line
recorder.py     writes down what comes out of a line; forgetting.py lets go of what is kept for a while only
attendance.py   who is there; talking.py  who talks; heartbeat.py  a sign of life; sights.py  what it sees
"""
