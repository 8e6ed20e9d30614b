"""Is the key of the mirror had from where the settings say, and is what is no key refused in plain words?"""

import base64
import json
from pathlib import Path

import boto3
import pytest

from finops_mcp.errors import MirrorKeyUnusable
from finops_mcp.exports.mirror_key import seal_of
from finops_mcp.settings import KeyPlace, Settings

KEY = bytes(range(224, 256))  # in base64 it has a plus and a slash


def place(text: str, **env: str) -> KeyPlace:
    return Settings.read({"FINOPS_MIRROR_KEY": text} | env).mirror_key


def key_of(place: KeyPlace, folder: Path) -> bytes:
    seal = seal_of(place, folder / "note.json")
    assert seal is not None
    return seal.key


FORMS = [KEY.hex(), KEY.hex().upper(), base64.b64encode(KEY).decode(), base64.urlsafe_b64encode(KEY).decode()]


@pytest.mark.parametrize("text", FORMS)
def test_a_key_is_read_from_a_variable_and_from_a_file(text: str, tmp_path: Path) -> None:
    assert key_of(place("env:A_KEY", A_KEY=text), tmp_path) == KEY
    path = tmp_path / "key"
    path.write_text(f"{text}\n")
    path.chmod(0o600)
    assert key_of(place(f"file:{path}"), tmp_path) == KEY


def test_without_the_setting_there_is_no_seal(tmp_path: Path) -> None:
    assert seal_of(place(""), tmp_path / "note.json") is None


@pytest.mark.parametrize(
    "text", ["no key", "", KEY.hex()[:-1], KEY.hex() + "00", base64.b64encode(KEY[:16]).decode()]
)
def test_what_is_no_key_is_refused_and_never_repeated(text: str, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(text)
    path.chmod(0o600)
    for given in (place("env:A_KEY", A_KEY=text), place(f"file:{path}")):
        with pytest.raises(MirrorKeyUnusable, match="openssl rand -base64 32") as refused:
            seal_of(given, tmp_path / "note.json")
        assert not text or text not in str(refused.value)
        assert (refused.value.exit_code, str(refused.value).count("\n")) == (2, 0)


def test_a_variable_or_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MirrorKeyUnusable, match="there is no variable A_KEY"):
        seal_of(place("env:A_KEY"), tmp_path / "note.json")
    with pytest.raises(MirrorKeyUnusable, match="No such file"):
        seal_of(place(f"file:{tmp_path / 'key'}"), tmp_path / "note.json")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620])
def test_a_file_that_others_can_read_or_write_is_refused(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(KEY.hex())
    path.chmod(mode)
    with pytest.raises(MirrorKeyUnusable, match=rf"mode {mode:o}.*chmod 600"):
        seal_of(place(f"file:{path}"), tmp_path / "note.json")


@pytest.mark.parametrize("text", [KEY.hex(), "keyring:x", base64.b64encode(KEY).decode()])
def test_a_setting_that_names_no_place_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="env:NAME, file:PATH, kms:KEY") as refused:
        place(text)
    assert text not in str(refused.value)


def test_a_key_shows_itself_in_no_setting() -> None:
    text = KEY.hex()
    assert text not in repr(Settings.read({"FINOPS_MIRROR_KEY": "env:A_KEY", "A_KEY": text}))
    assert str(place("env:A_KEY", A_KEY=text)) == "env:A_KEY"


# ---------------------------------------------------------------- KMS


@pytest.fixture
def kms(s3_server: str, made_up_credentials: None, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: ARG001
    """A key of a KMS on this machine."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", s3_server)
    return str(boto3.client("kms").create_key()["KeyMetadata"]["Arn"])


def test_kms_makes_a_key_once_and_opens_it_ever_after(kms: str, tmp_path: Path) -> None:
    note = tmp_path / "note.json"
    assert seal_of(place(f"kms:{kms}"), note, makes=False) is None
    assert not note.exists()
    key = key_of(place(f"kms:{kms}"), tmp_path)
    assert len(key) == 32
    told = json.loads(note.read_text())
    assert told["kms_key"] == kms
    assert base64.b64encode(key).decode() not in note.read_text()
    assert key not in base64.b64decode(told["encrypted_key"])
    assert note.stat().st_mode & 0o777 == 0o600
    assert key_of(place(f"kms:{kms}"), tmp_path) == key
    assert key_of(place(f"kms:{kms.rpartition('/')[2]}"), tmp_path) == key  # by its id
    assert json.loads(note.read_text()) == told
    assert [p.name for p in tmp_path.iterdir()] == ["note.json"]


def test_what_kms_refuses_is_told_with_what_it_needs(kms: str, tmp_path: Path) -> None:
    with pytest.raises(MirrorKeyUnusable, match=r"NotFoundException.* kms:GenerateDataKey once"):
        seal_of(place(f"kms:{kms[:-4]}0000"), tmp_path / "note.json")
    seal_of(place(f"kms:{kms}"), tmp_path / "note.json")
    other = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    with pytest.raises(MirrorKeyUnusable, match="another key than before"):
        seal_of(place(f"kms:{other}"), tmp_path / "note.json")
    (tmp_path / "note.json").write_text("{")
    with pytest.raises(MirrorKeyUnusable):
        seal_of(place(f"kms:{kms}"), tmp_path / "note.json")


def test_a_kms_that_cannot_be_reached_is_told(
    kms: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:9")
    with pytest.raises(MirrorKeyUnusable, match="Could not connect"):
        seal_of(place(f"kms:{kms}"), tmp_path / "note.json")
