"""The frame of the API: what every answer of `/api/v1/` has in common, whatever it is about.

errors.py       one form for every error        throttling.py   how much one may ask
pagination.py   lists, a page at a time         etags.py        nothing read twice, no edit lost
idempotency.py  what must not happen twice      fields.py       JSON taken at its word
tokens          models, services, selectors, pages: how programs sign in
"""
