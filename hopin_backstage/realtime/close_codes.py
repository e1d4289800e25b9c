"""The codes with which we end a connection, whichever part of us does; what a page makes of them: docs/protocol.md."""

#: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2 leaves 4000 to 4999 to applications.
CLOSE_NOT_UNDERSTOOD, CLOSE_SIGNED_OUT, CLOSE_FORBIDDEN, CLOSE_TOO_LARGE = 4400, 4401, 4403, 4413
CLOSE_TOO_FAST = 4429
#: Does not take what it is told.
CLOSE_TOO_SLOW = 4408
