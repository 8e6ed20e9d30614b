"""Where does the key of the mirror come from? A variable, a file of its owner's alone, or AWS KMS."""

import base64
import binascii
import json
import os
import re
import stat
from pathlib import Path
from typing import Any

from finops_mcp.errors import MirrorKeyUnusable
from finops_mcp.exports.sealed import KEY_BYTES, Seal
from finops_mcp.settings import KeyPlace

_MOST = 1 << 12
_FORM = f"It is {KEY_BYTES} random bytes in base64 or hex: `openssl rand -base64 {KEY_BYTES}` makes one."
_PURPOSE = {"purpose": "finops-duck mirror"}
"""What KMS binds the key to, and shows in its log."""


def seal_of(place: KeyPlace, note: Path, *, makes: bool = True) -> Seal | None:
    """Get the key and make the seal; nothing where no key is wanted.

    A key of KMS never lies here: KMS makes a data key once, whose encrypted form is kept in `note`, and
    decrypts that each time. Without `makes`, no data key is made: then nothing is sealed yet.

    Raises MirrorKeyUnusable.
    """
    match place.kind:
        case "env":
            if not place.text:
                raise MirrorKeyUnusable(str(place), f"there is no variable {place.name}", f"Set it. {_FORM}")
            return Seal(_read(place, place.text))
        case "file":
            return Seal(_read(place, _text_of(place)))
        case "kms":
            return Seal(_from_kms(place, note)) if makes or note.exists() else None
    return None


def _read(place: KeyPlace, text: str) -> bytes:
    text = text.strip()
    try:
        if re.fullmatch(f"[0-9a-fA-F]{{{2 * KEY_BYTES}}}", text):
            key = bytes.fromhex(text)
        else:
            key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise MirrorKeyUnusable(str(place), "it is not a key", _FORM)
    return key


def _text_of(place: KeyPlace) -> str:
    path = Path(place.name).expanduser()
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_mode & 0o077:
                mode = stat.S_IMODE(status.st_mode)
                raise MirrorKeyUnusable(
                    str(place), f"others can read or write the file (mode {mode:o})", f"chmod 600 {path}"
                )
            return file.read(_MOST).decode("ascii", errors="replace")
    except OSError as error:
        raise MirrorKeyUnusable(str(place), error.strerror or str(error), f"Put it there. {_FORM}") from error


def _from_kms(place: KeyPlace, note: Path) -> bytes:
    from botocore.exceptions import BotoCoreError, ClientError

    remedy = (
        "The credentials in use need kms:GenerateDataKey once and kms:Decrypt on it, and a region. If it is"
        f" another key than before, remove the downloaded files and {note}."
    )
    given = {"KeyId": place.name, "EncryptionContext": _PURPOSE}
    try:
        kms = _kms(place.name)
        if note.exists():
            kept = base64.b64decode(json.loads(note.read_text())["encrypted_key"])
            return bytes(kms.decrypt(CiphertextBlob=kept, **given)["Plaintext"])
        answer = kms.generate_data_key(NumberOfBytes=KEY_BYTES, **given)
    except ClientError as error:
        said = error.response.get("Error", {})
        why = f"KMS answered {said.get('Code', '')}: {said.get('Message', '')}".rstrip(": .")
        raise MirrorKeyUnusable(str(place), why, remedy) from error
    except (BotoCoreError, ValueError, KeyError, TypeError) as error:
        raise MirrorKeyUnusable(str(place), str(error).rstrip("."), remedy) from error
    encrypted = base64.b64encode(answer["CiphertextBlob"]).decode()
    _keep(note, json.dumps({"kms_key": answer["KeyId"], "encrypted_key": encrypted}))
    return bytes(answer["Plaintext"])


def _kms(key: str) -> Any:
    import boto3
    from botocore.config import Config

    region = re.match(r"arn:[^:]*:kms:([^:]+):", key)
    patience = Config(connect_timeout=10, read_timeout=10, retries={"mode": "standard"})
    return boto3.client("kms", region_name=region[1] if region else None, config=patience)


def _keep(note: Path, text: str) -> None:
    """Write the note whole or not at all, before anything is sealed with what it stands for."""
    part = note.with_name(f".{note.name}.part")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(note)
