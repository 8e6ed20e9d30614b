"""Does white space around a header's value mean nothing, as HTTP says?"""

import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

from tests.surfaces.serving import served
from tests.tools.tiny import charge, home_of

CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {
        "name": "data_status",
        "arguments": {},
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        },
    },
}


def test_white_space_around_a_header_is_no_part_of_it(tmp_path: Path) -> None:
    home_of(tmp_path, [charge("1")])
    with served(tmp_path / "home") as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc)
        connection.putrequest("POST", "/mcp", skip_host=True)
        body = json.dumps(CALL).encode()
        for name, value in {
            "Host": f" {urlsplit(address).netloc}\t ",
            "Accept": "application/json, text/event-stream ",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "MCP-Protocol-Version": "2026-07-28\t",
            "Mcp-Method": "  tools/call",
            "Mcp-Name": "\t data_status \t",
        }.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        connection.close()
    assert answer.status == 200, told
    assert told["result"]["structuredContent"]["rows"]
