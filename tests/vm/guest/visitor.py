"""Asks the gateway's pages for one thing, as a browser at this machine does: it keeps cookies, and follows nothing.

Its one argument is JSON: {"path": "/", "form": {…}, "address": "127.0.0.1"}; with a form it is a POST. What it prints
is JSON too. The body lies in a file, for a test that wants its bytes.
"""

import json
import sys
import time
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

BODY: Final = Path("/run/visitor-body")
COOKIES: Final = Path("/run/visitor-cookies")
PORT: Final = 8080
_PATIENCE: Final = 300.0


def ask(path: str, form: dict[str, str] | None = None, address: str = "127.0.0.1") -> dict[str, Any]:
    """Return status, headers and text; status 0 where nobody listens."""
    known: dict[str, str] = json.loads(COOKIES.read_text()) if COOKIES.exists() else {}
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in known.items()), "Accept": "text/html,*/*"}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    body = None if form is None else urlencode(form)
    begun = time.monotonic()
    connection = HTTPConnection(address, PORT, timeout=_PATIENCE)
    try:
        connection.request("GET" if form is None else "POST", path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
    except ConnectionRefusedError:
        return {"status": 0, "headers": {}, "text": "", "seconds": 0.0}
    finally:
        connection.close()
    for line in answer.headers.get_all("Set-Cookie", ()):
        known.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
    COOKIES.write_text(json.dumps(known))
    BODY.write_bytes(content)
    is_text = "gzip" not in answer.headers.get("Content-Type", "")
    return {
        "status": answer.status,
        "headers": dict(answer.headers),
        "text": content.decode() if is_text else "",
        "seconds": time.monotonic() - begun,
    }


if __name__ == "__main__":
    print(json.dumps(ask(**json.loads(sys.argv[1]))))
