"""The secret that signs what is sent, and the signature (Standard Webhooks 1.0.0)."""

import base64
import binascii
import hashlib
import hmac
import os
import stat
from pathlib import Path

from finops_mcp.errors import WebhookUnusable
from finops_mcp.settings import KeyPlace

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64
"""What the specification has."""
_MOST_TEXT = 1 << 12
_FORM = (
    "Set FINOPS_ALERT_SECRET to env:NAME or file:PATH of a text made by"
    " `echo whsec_$(openssl rand -base64 32)`."
)


def secret_of(place: KeyPlace) -> bytes:
    """Get the secret. Raises WebhookUnusable; the secret itself is never repeated."""
    if not place:
        raise WebhookUnusable("there is no secret to sign with", _FORM)
    text = (_text_of(place) if place.kind == "file" else place.text).strip()
    if not text:
        raise WebhookUnusable(f"there is no secret in {place}", _FORM)
    try:
        secret = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not LEAST_BYTES <= len(secret) <= MOST_BYTES:
        raise WebhookUnusable(
            f"the secret in {place} is not {LEAST_BYTES} to {MOST_BYTES} bytes in base64", _FORM
        )
    return secret


def signature(secret: bytes, message: str, timestamp: int, body: bytes) -> str:
    """Sign a message: HMAC-SHA256 over its id, the time of sending and its body, in base64."""
    signed = f"{message}.{timestamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()}"


def _text_of(place: KeyPlace) -> str:
    path = Path(place.name).expanduser()
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise WebhookUnusable(
                    f"others can read or write {path} (mode {mode:o})", f"chmod 600 {path}."
                )
            return file.read(_MOST_TEXT).decode("ascii", errors="replace")
    except OSError as error:
        raise WebhookUnusable(f"{place}: {error.strerror or error}", _FORM) from None
