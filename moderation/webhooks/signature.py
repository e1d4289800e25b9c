"""How a receiver knows that a delivery is ours, and not an old one sent again: docs/api.md shows them how to look."""

import hashlib
import hmac

HEADER = "Hopin-Signature"


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """`t=TIMESTAMP,v1=HEX`: HMAC-SHA256 over the timestamp (Unix seconds), a dot, and the body as it is sent."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
