"""`make run`: the whole product on one machine, started in order, kept alive, and stopped without a trace.

environment   the secrets and ports of this folder, kept in `.run/env`
parts         what runs: Redis, Janus, the stagehand, the sender of webhooks, the web server, each as a command line
process       one running child, tied to the life of the runner
supervisor    starts parts, starts them again when they die, stops them in order
web           daphne, with an orderly end; websocket and request: its sockets and requests, bounded
product       these put together: prepare, start, wait until healthy, stop
install/      what has to be there before any of this can be imported; knows the standard library only
"""
