"""One small piece of every kind of content that MCP carries."""

import base64
import io
import struct
import wave
import zlib

import mcp_types as types


def _png() -> bytes:
    """Draw one red dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    dot = chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
    return b"\x89PNG\r\n\x1a\n" + header + dot + chunk(b"IEND", b"")


def _wav() -> bytes:
    """Record a hundredth of a second of silence."""
    recording = io.BytesIO()
    with wave.open(recording, "wb") as tape:
        tape.setnchannels(1)
        tape.setsampwidth(1)
        tape.setframerate(8000)
        tape.writeframes(b"\x80" * 80)
    return recording.getvalue()


PNG = base64.b64encode(_png()).decode()
WAV = base64.b64encode(_wav()).decode()

IMAGE = types.ImageContent(type="image", data=PNG, mime_type="image/png")
AUDIO = types.AudioContent(type="audio", data=WAV, mime_type="audio/wav")


def text(words: str) -> types.TextContent:
    return types.TextContent(type="text", text=words)


def embedded(uri: str, words: str, mime_type: str = "text/plain") -> types.EmbeddedResource:
    return types.EmbeddedResource(
        type="resource", resource=types.TextResourceContents(uri=uri, mime_type=mime_type, text=words)
    )


def said(*content: types.ContentBlock | str) -> types.CallToolResult:
    """Answer a call with content of any kind; strings are text."""
    return types.CallToolResult(content=[text(c) if isinstance(c, str) else c for c in content])
