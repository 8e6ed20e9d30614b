"""How much a listening server takes on, on whichever path it is asked."""

MOST_BODY = 1_000_000
"""Bytes of one request."""

BODY_SECONDS = 20.0
"""Longest time in which a request's body has to arrive."""

MOST_AT_ONCE = 512
"""Connections served at once; more are told to come back (503), so that a flood costs no memory."""

GRACE_SECONDS = 5
"""How long what is in flight may go on when the server is told to stop; what is left then is cancelled."""
