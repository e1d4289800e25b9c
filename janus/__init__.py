"""The adapter to the Janus media server. Plain Python: it knows no Django.

connection, session     a link that heals, sessions and handles on it
videoroom, streaming    the plugins' requests as functions
events, jsep, errors    what comes back, as types
configuration, server   a Janus of our own, from the templates in conf/
delay_line              what lies between the Backstage and the Stage

Below these, for the package alone: library and link (janus-client, made quiet), event_reader, wire, callbacks.
"""
