"""Webhooks: an event tells addresses of its organizers' choice what happened.

outbox.py     a row beside the audit entry, in the same transaction: nothing is told that did not happen
services.py   organizers' webhooks, and what became of each delivery; selectors.py  what the page shows
loop.py       sends what waits; a process of its own, which may be killed at any time
post.py       one POST, within bounds; addresses.py  never into our own network; signature.py  that it is from us
answers.py    how it ended: kept as a code, read as a sentence
"""
