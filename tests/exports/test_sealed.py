"""Does a sealed file open to exactly what was sealed, in its place and nowhere else, or not at all?"""

import hashlib
import hmac
import os
import pickle
import secrets
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.exports.partial import SealedPartial
from finops_mcp.exports.sealed import (
    CHUNK,
    HEADER,
    SEALED_CHUNK,
    Broken,
    FileKey,
    OtherKey,
    Seal,
    blocks,
    header_of,
    sealed_size,
    sha256,
)

SEAL = Seal(bytes(range(32)))
NAME = "bucket/exports/a.parquet"
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5]


def written(path: Path, content: bytes, seal: Seal = SEAL, name: str = NAME, step: int = 70_000) -> Path:
    partial = SealedPartial(path, len(content), seal, name)
    for at in range(0, len(content), step):
        partial.write(content[at : at + step])
    for _ in partial.whole():
        pass
    partial.close()
    return path


def opened(path: Path, seal: Seal = SEAL, name: str = NAME) -> bytes:
    return b"".join(blocks(path, seal.of(header_of(path) or b"", name)))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens_and_takes_the_room_that_is_said(size: int, tmp_path: Path) -> None:
    content = secrets.token_bytes(size)
    path = written(tmp_path / "a", content)
    assert opened(path) == content
    assert path.stat().st_size == sealed_size(size)
    assert sha256(path, SEAL.of(header_of(path) or b"", NAME)) == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("size", [0, 100, CHUNK + 100])
def test_the_form_is_the_one_that_is_documented(size: int, tmp_path: Path) -> None:
    """Read by the table alone: RFC 5869 in plain HMAC, and the cipher without any code of ours."""
    content = secrets.token_bytes(size)
    data = written(tmp_path / "a", content).read_bytes()
    assert data[:21] == b"finops-duck sealed 1\n"
    header, salt, rest = data[:61], data[29:61], data[61:]
    extracted = hmac.digest(salt, SEAL.key, "sha256")
    about = b"finops-duck: a file of the mirror\n" + NAME.encode()
    key = hmac.digest(extracted, about + b"\x01", "sha256")
    pieces = [rest[at : at + 12 + 2**20 + 16] for at in range(0, len(rest), 12 + 2**20 + 16)]
    plain = b""
    for number, piece in enumerate(pieces):
        place = header + number.to_bytes(8, "big") + bytes([number == len(pieces) - 1])
        plain += AESGCM(key).decrypt(piece[:12], piece[12:], place)
    assert plain == content


WHOLE = secrets.token_bytes(2 * CHUNK + 1000)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return written(tmp_path_factory.mktemp("sealed") / "a", WHOLE).read_bytes()


def parts(sealed: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    first, second = HEADER + SEALED_CHUNK, HEADER + 2 * SEALED_CHUNK
    return sealed[:HEADER], sealed[HEADER:first], sealed[first:second], sealed[second:]


def refuses(data: bytes, folder: Path) -> None:
    path = folder / "a"
    path.write_bytes(data)
    with pytest.raises(Broken):
        opened(path)


@settings(max_examples=40, deadline=None)
@given(at=st.integers(min_value=0), bit=st.integers(0, 7))
def test_no_bit_can_be_turned(
    at: int, bit: int, sealed: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = bytearray(sealed)
    data[at % len(data)] ^= 1 << bit
    refuses(bytes(data), tmp_path_factory.mktemp("turned"))


@pytest.mark.parametrize("at", range(HEADER + 29))
def test_no_byte_of_the_header_or_the_first_nonce_can_be_changed(
    at: int, sealed: bytes, tmp_path: Path
) -> None:
    refuses(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], tmp_path)


def test_chunks_cannot_be_left_out_moved_repeated_or_added(sealed: bytes, tmp_path: Path) -> None:
    header, one, two, three = parts(sealed)
    for otherwise in (
        header,
        header + one,
        header + one + two,
        header + one + three,
        header + two + three,
        header + two + one + three,
        header + one + one + two + three,
        header + one + two + three + three,
        header + one + two + three[:-1],
        header + one + two + three[:10],
        sealed + b"x",
        header[:-1],
        b"",
    ):
        refuses(otherwise, tmp_path)


def test_a_file_opens_in_its_own_place_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "a", b"content")
    assert opened(path) == b"content"
    with pytest.raises(Broken):
        opened(path, name="bucket/exports/b.parquet")
    with pytest.raises(OtherKey):
        opened(path, seal=Seal(bytes(32)))


def test_chunks_of_another_file_under_the_same_name_do_not_fit(sealed: bytes, tmp_path: Path) -> None:
    other = written(tmp_path / "other", WHOLE).read_bytes()
    assert other[:HEADER] != sealed[:HEADER]
    refuses(parts(sealed)[0] + b"".join(parts(other)[1:]), tmp_path)


def test_the_same_content_never_looks_the_same(tmp_path: Path) -> None:
    one, two = (written(tmp_path / name, bytes(CHUNK)).read_bytes() for name in "ab")
    assert one[HEADER - 32 : HEADER + 12] != two[HEADER - 32 : HEADER + 12]
    assert one[HEADER + 12 :] != two[HEADER + 12 :]


@pytest.mark.parametrize(
    ("arrived", "kept"), [(0, 0), (CHUNK - 1, 0), (CHUNK, CHUNK), (2 * CHUNK + 9, 2 * CHUNK)]
)
def test_a_download_goes_on_behind_its_last_whole_chunk(arrived: int, kept: int, tmp_path: Path) -> None:
    path = tmp_path / "a"
    first = SealedPartial(path, len(WHOLE), SEAL, NAME)
    first.write(WHOLE[:arrived])
    first.close()
    with path.open("ab") as torn:
        torn.write(b"a chunk that the machine did not finish writing")
    again = SealedPartial(path, len(WHOLE), SEAL, NAME)
    assert again.size == kept
    again.write(WHOLE[kept:])
    assert b"".join(again.whole()) == WHOLE
    again.close()
    assert opened(path) == WHOLE


def test_what_is_sealed_again_has_another_nonce_or_another_key(tmp_path: Path) -> None:
    path = tmp_path / "a"
    partial = SealedPartial(path, 2 * CHUNK, SEAL, NAME)
    partial.write(WHOLE[:CHUNK])
    before = path.read_bytes()
    partial.begin_again()
    partial.write(WHOLE[:CHUNK])
    partial.close()
    assert path.read_bytes()[:HEADER] != before[:HEADER]
    cut = path.read_bytes()
    os.truncate(path, HEADER + SEALED_CHUNK - 1)
    again = SealedPartial(path, 2 * CHUNK, SEAL, NAME)
    assert again.size == 0
    again.write(WHOLE[:CHUNK])
    again.close()
    assert path.read_bytes()[:HEADER] == cut[:HEADER]
    assert path.read_bytes()[HEADER : HEADER + 12] != cut[HEADER : HEADER + 12]


def test_a_download_of_another_key_is_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "a"
    first = SealedPartial(path, len(WHOLE), Seal(bytes(32)), NAME)
    first.write(WHOLE[: CHUNK + 1])
    first.close()
    again = SealedPartial(path, len(WHOLE), SEAL, NAME)
    assert (again.size, path.stat().st_size) == (0, HEADER)
    again.close()


def test_a_key_goes_to_another_process_and_shows_itself_nowhere(tmp_path: Path) -> None:
    path = written(tmp_path / "a", b"content")
    key = SEAL.of(header_of(path) or b"", NAME)
    b"".join(blocks(path, key))
    moved: FileKey = pickle.loads(pickle.dumps(key))  # noqa: S301 - our own
    assert b"".join(blocks(path, moved)) == b"content"
    for secret in (key.key, SEAL.key):
        assert repr(secret) not in repr(key) + repr(SEAL)
        assert secret not in path.read_bytes()
