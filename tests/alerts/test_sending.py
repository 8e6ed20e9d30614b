"""Is a message signed, sent to nobody who is not named, and sent again only where that may help?"""

import base64
import json
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import anyio
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from finops_mcp.alerts.webhook import place_of, sending
from finops_mcp.alerts.webhook.place import Place
from finops_mcp.alerts.webhook.secret import signature
from finops_mcp.alerts.webhook.sending import TRIES, Sender, Sent
from finops_mcp.errors import WebhookUnusable
from finops_mcp.settings import Settings
from tests.alerts.receiver import SECRET, Receiver, receiving

HOME = Path("/nowhere")
BODY = b'{"text":"\xc3\xa4"}'


def place(receiver: Receiver) -> Place:
    found = place_of(receiver.settings(HOME))
    assert found
    return found


def sent(receiver: Receiver, seconds: float = 30, **how: Any) -> tuple[Sent, list[float]]:
    """Send a message; give what became of it, and for how long was waited between tries."""
    waits: list[float] = []

    async def sleep(wait: float) -> None:
        waits.append(wait)

    now = datetime.now(UTC)
    sender = Sender(place(receiver), clock=lambda: now, sleep=sleep, **how)
    return anyio.run(sender.send, "msg_1", BODY, now + timedelta(seconds=seconds)), waits


def test_the_published_vector_is_signed_as_published() -> None:
    """Of the specification's own test suite (Standard Webhooks 1.0.0)."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_is_received_is_signed_and_says_what_it_is(receiver: Receiver) -> None:
    became, waits = sent(receiver)
    assert (became.taken, became.tries, waits) == (True, 1, [])
    (one,) = receiver.received
    assert one.is_signed()
    assert (one.path, one.body) == ("/hook?token=hush", BODY)
    assert one.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert one.headers["content-type"] == "application/json"
    assert one.headers["webhook-id"] == "msg_1"


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_a_receiver_that_stumbles_is_tried_again_under_the_same_id(receiver: Receiver, status: int) -> None:
    receiver.answers = [(status, {}), (status, {}), (200, {})]
    became, waits = sent(receiver)
    assert (became.taken, became.tries) == (True, 3)
    assert len(waits) == 2
    assert {r.headers["webhook-id"] for r in receiver.received} == {"msg_1"}
    assert all(r.is_signed() for r in receiver.received)


def test_it_is_given_up_after_so_many_tries(receiver: Receiver) -> None:
    receiver.answers = [(500, {})]
    became, waits = sent(receiver)
    assert (became.taken, became.tries, became.hopeless) == (False, TRIES, True)
    assert became.said == "it answered 500"
    assert len(receiver.received) == TRIES
    assert len(waits) == TRIES - 1
    assert 0.25 <= waits[0] <= 0.75  # 0.5 s, and half of it by chance either way; then 1 and 2
    assert 0.5 <= waits[1] <= 1.5
    assert 1 <= waits[2] <= 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_message_that_is_refused_is_not_sent_again(receiver: Receiver, status: int) -> None:
    receiver.answers = [(status, {})]
    became, _ = sent(receiver)
    assert (became.taken, became.tries, became.hopeless) == (False, 1, False)
    assert became.said == f"it answered {status}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    receiver.answers = [(status, {"location": f"{receiver.address}&elsewhere"})]
    became, _ = sent(receiver)
    assert not became.taken
    assert "redirect" in became.said
    assert len(receiver.received) == 1


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_who_asks_for_patience_is_given_it(receiver: Receiver, form: str) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=7), usegmt=True)
    receiver.answers = [(429, {"retry-after": "7" if form == "seconds" else later}), (200, {})]
    became, waits = sent(receiver)
    assert became.taken
    assert len(waits) == 1
    assert 5 < waits[0] <= 7


def test_who_asks_for_more_patience_than_there_is_time_is_left_until_then(receiver: Receiver) -> None:
    receiver.answers = [(429, {"retry-after": "3600"})]
    became, waits = sent(receiver)
    assert (became.taken, became.tries, became.hopeless, waits) == (False, 1, True, [])
    assert became.not_before
    assert timedelta(minutes=59) < became.not_before - datetime.now(UTC) <= timedelta(hours=1)


def test_who_never_answers_is_not_waited_for(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS_FOR_ONE", 0.2)
    receiver.silent.set()
    became, _ = sent(receiver, seconds=0)
    assert (became.taken, became.said) == (False, "it did not answer within 0.2 s")


def test_nobody_there_is_told_without_the_address(receiver: Receiver) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        receiver.port = free.getsockname()[1]
    became, _ = sent(receiver)
    assert became.tries == TRIES
    assert became.said == "it could not be reached (ConnectError)"


def configured(**given: str) -> Place | None:
    read = {"SIGNED_WITH": SECRET, "FINOPS_ALERT_SECRET": "env:SIGNED_WITH"}
    read |= {f"FINOPS_ALERT_{name.upper()}": value for name, value in given.items()}
    return place_of(Settings.read(read, home=HOME))


def test_it_is_off_unless_an_address_is_set() -> None:
    assert configured() is None
    assert configured(hosts="hooks.example.com") is None
    assert place_of(Settings.read({}, home=HOME)) is None


@pytest.mark.parametrize(
    ("webhook", "hosts", "why"),
    [
        ("https://hooks.example.com/x", "", "does not name its host, hooks.example.com"),
        ("https://hooks.example.com/x", "example.com", "does not name its host"),
        ("https://hooks.example.com.evil.test/x", "hooks.example.com", "does not name its host"),
        ("https://evil.test#@hooks.example.com/x", "hooks.example.com", "does not name its host, evil.test"),
        ("http://hooks.example.com/x", "hooks.example.com", "without encryption"),
        ("http://10.0.0.5/x", "10.0.0.5", "without encryption"),
        ("https://user:pass@hooks.example.com/x", "hooks.example.com", "no address of the form"),
        ("ftp://hooks.example.com/x", "hooks.example.com", "no address of the form"),
        ("file:///etc/passwd", "localhost", "no address of the form"),
        ("https://[::1", "::1", "no address of the form"),
        ("https://hooks.example.com:99999/x", "hooks.example.com", "no address of the form"),
        ("hooks.example.com/x", "hooks.example.com", "no address of the form"),
    ],
)
def test_what_is_not_named_or_not_encrypted_is_refused(webhook: str, hosts: str, why: str) -> None:
    with pytest.raises(WebhookUnusable, match=why) as raised:
        configured(webhook=webhook, hosts=hosts)
    assert "/x" not in str(raised.value).replace("https://host/path", "")


@pytest.mark.parametrize(
    ("webhook", "hosts", "name"),
    [
        ("https://Hooks.Example.com./x", "other.test, hooks.example.com", "hooks.example.com"),
        ("http://localhost:8080/x", "localhost", "localhost"),
        ("http://[::1]:8080/x", "::1", "::1"),
        ("https://10.0.0.5/x", "10.0.0.5", "10.0.0.5"),
    ],
)
def test_what_is_named_is_taken(webhook: str, hosts: str, name: str) -> None:
    found = configured(webhook=webhook, hosts=hosts)
    assert found
    assert found.host == name
    assert "/x" not in repr(found)


@pytest.mark.parametrize(
    ("hosts", "resolved", "reached"),
    [
        ("hooks.test", ["93.184.215.14"], True),
        ("hooks.test", ["10.0.0.5"], False),
        ("hooks.test,10.0.0.5", ["10.0.0.5"], True),
        ("hooks.test,10.0.0.0/8", ["10.9.8.7"], True),
        ("hooks.test,10.0.0.0/8", ["192.168.1.1"], False),
        ("hooks.test", ["93.184.215.14", "10.0.0.5"], False),  # all of them, whichever would be tried first
        ("hooks.test", ["127.0.0.1"], False),
        ("hooks.test", ["169.254.169.254"], False),
        ("hooks.test", ["100.64.0.1"], False),
        ("hooks.test", ["0.0.0.0"], False),  # noqa: S104 - looked up, not bound
        ("hooks.test", ["224.0.0.1"], False),
        ("hooks.test", ["::1"], False),
        ("hooks.test", ["fe80::1"], False),
        ("hooks.test", ["fd00::1"], False),
        ("hooks.test", ["::ffff:10.0.0.5"], False),
        ("hooks.test,10.0.0.5", ["::ffff:10.0.0.5"], True),
        ("hooks.test", ["64:ff9b::a00:5"], False),  # 10.0.0.5 behind a translator
        ("hooks.test", ["2002:a00:5::"], False),  # and through 6to4
        ("hooks.test", ["2606:2800:21f:cb07:6820:80da:af6b:8b2c"], True),
        ("hooks.test", [], False),
    ],
)
def test_no_private_address_is_reached_by_a_name(hosts: str, resolved: list[str], reached: bool) -> None:
    found = configured(webhook="https://hooks.test/x", hosts=hosts)
    assert found
    if reached:
        assert found.allowed(resolved) == resolved[0]
    else:
        with pytest.raises(WebhookUnusable):
            found.allowed(resolved)


def test_what_was_checked_is_what_is_connected_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that stands for another address at the next question is not asked about again."""
    asked: list[str] = []

    async def lookup(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(anyio, "getaddrinfo", lookup)
    settings = receiver.settings(
        HOME,
        FINOPS_ALERT_WEBHOOK=f"http://localhost:{receiver.port}/hook",
        FINOPS_ALERT_HOSTS="localhost",
    )
    found = place_of(settings)
    assert found
    now = datetime.now(UTC)
    became = anyio.run(Sender(found).send, "msg_1", BODY, now)
    assert became.taken
    assert asked == ["localhost"]
    assert receiver.received[0].headers["host"] == f"localhost:{receiver.port}"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of hooks.test, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path / "certificate.pem"
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize(
    ("name", "trusted", "taken"),
    [("hooks.test", True, True), ("other.test", True, False), ("hooks.test", False, False)],
)
def test_over_tls_the_certificate_must_be_of_the_name_though_its_address_is_connected_to(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, name: str, trusted: bool, taken: bool
) -> None:
    async def lookup(_: str, port: int, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(anyio, "getaddrinfo", lookup)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with receiving(tls) as receiver:
        found = configured(webhook=f"https://{name}:{receiver.port}/x", hosts=f"{name},127.0.0.1")
        assert found
        became = anyio.run(Sender(found).send, "msg_1", BODY, datetime.now(UTC))
        assert (became.taken, len(receiver.received)) == (taken, int(taken))
        assert all(r.headers["host"] == f"hooks.test:{receiver.port}" for r in receiver.received)


def test_a_name_that_turned_private_is_not_sent_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lookup(_: str, port: int, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(anyio, "getaddrinfo", lookup)
    found = configured(webhook=f"https://hooks.test:{receiver.port}/x", hosts="hooks.test")
    assert found
    with pytest.raises(WebhookUnusable, match=r"stands for 127\.0\.0\.1, a private address"):
        anyio.run(Sender(found).send, "msg_1", BODY, datetime.now(UTC))
    assert receiver.received == []


def test_no_proxy_of_the_environment_is_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert sent(receiver)[0].taken


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there is no secret in env:SIGNED_WITH"),
        ("whsec_hush!", "is not 24 to 64 bytes in base64"),
        ("whsec_" + base64.b64encode(bytes(23)).decode(), "is not 24 to 64 bytes"),
        ("whsec_" + base64.b64encode(bytes(65)).decode(), "is not 24 to 64 bytes"),
    ],
)
def test_a_secret_that_is_none_is_refused_and_not_repeated(text: str, why: str) -> None:
    read = {
        "FINOPS_ALERT_WEBHOOK": "https://hooks.test/x",
        "FINOPS_ALERT_HOSTS": "hooks.test",
        "FINOPS_ALERT_SECRET": "env:SIGNED_WITH",
        "SIGNED_WITH": text,
    }
    with pytest.raises(WebhookUnusable, match=why) as raised:
        place_of(Settings.read(read, home=HOME))
    assert not text or text not in str(raised.value)
    with pytest.raises(WebhookUnusable, match="there is no secret to sign with"):
        place_of(Settings.read({**read, "FINOPS_ALERT_SECRET": ""}, home=HOME))


def test_a_secret_lies_in_a_file_of_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o600)
    found = configured(webhook="https://hooks.test/x", hosts="hooks.test", secret=f"file:{file}")
    assert found
    assert found.secret == bytes(range(32))
    file.chmod(0o640)
    with pytest.raises(WebhookUnusable, match=r"others can read or write .* \(mode 640\)"):
        configured(webhook="https://hooks.test/x", hosts="hooks.test", secret=f"file:{file}")
    with pytest.raises(WebhookUnusable, match="No such file"):
        configured(webhook="https://hooks.test/x", hosts="hooks.test", secret=f"file:{file}.not")


def test_bodies_are_json_that_slack_takes() -> None:
    from finops_mcp.alerts.webhook.message import body_of
    from finops_mcp.cache.alert_records import Event

    data = {
        "title": "T" * 400, "said": "<!channel> & co " + "s" * 5000, "threshold": "80 %", "tool": "cost_by",
        "caveats": ["c" * 3000], "figures": {"cost": "1.50"}, "first_seen": "2026-01-01",
    }  # fmt: skip
    event = Event(1, "2026-01-01T00:00:00+00:00", "alert.raised", "a", "msg_1", data)
    slack = json.loads(body_of(event, only_slack=True))
    assert set(slack) == {"text", "blocks"}
    assert len(slack["blocks"]) <= 50
    assert len(slack["blocks"][0]["text"]["text"]) <= 150
    assert len(slack["blocks"][1]["text"]["text"]) <= 3000
    assert {b["type"] for b in slack["blocks"]} == {"header", "section", "context"}
    assert {b["text"]["type"] for b in slack["blocks"][:2]} == {"plain_text"}  # in which nothing is a mention
    assert "<" not in slack["text"]
    assert "&lt;!channel&gt; &amp; co" in slack["text"]
    other = json.loads(body_of(event, only_slack=False))
    assert {k: other[k] for k in slack} == slack
    assert (other["type"], other["timestamp"], other["data"]) == (event.name, event.at, data)
