"""Requests that no browser sends: each route, with values that are wrong in each place where a value can be."""

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlencode

TOO_LONG: Final = "9" * 5_000
"""Python refuses to read a number of so many digits, in its own words."""
SURROGATE: Final = "%ED%A0%80"
"""Half an emoji, as it stands in an address."""
ENCODED: Final = (
    *("", "%", "%zz", "%00", "%0d%0aX:%20y", "%FF", SURROGATE, "%C0%AF", "%F0%9F%90%B6", "%E2%80%AE", "%2e%2e%2f"),
    *("..%2f..%2fetc%2fpasswd", "%5c", "%2525", "a" * 3_000, "%EF%BC%8E", "+", "%C2%A0", "-"),
)
"""Values for a path or a query, as they are sent."""
NUMBERS: Final = (
    *("0", "-1", "1e999", "nan", "inf", "0x10", "1_0", "%D9%A3", "%C2%B2", "1.5", str(2**64), TOO_LONG, f"-{TOO_LONG}"),
    *(f"{TOO_LONG}d", "0001-01-01", "9999-12-31", "2025-02-30", "0000-00-00", "9999-12-31T23:59:59", "-9999d", "5E3d"),
    *("2025-11-17T12:00+23:59", "12:00-99:99", "0001-01-01T00:00+14:00", "9999-12-31T23:59:59-14:00"),
)
TYPED: Final = (
    *(
        "",
        "\0",
        "\x1b[2J",
        "\ud83d",
        "\u202e",
        "\u2028",
        "\r",
        "\r\n",
        "\ufeff",
        "a" * 70_000,
        TOO_LONG,
        "🐶",
        "{{7*7}}",
    ),
    *("<script>", "../../etc/passwd", "%s%n", "!!python/object:os.system {}", "&a " * 50, "[" * 5_000, "{a: " * 2_000),
    *("floor: F9\nuuid: x", "- 1\n" * 3_000, "beacons:\n  x:\n    major: 1" + "0" * 5_000),
)
"""Values for a field of a form."""
_SPAN: Final = ("floor", "from", "until", "show", "by")
QUERIES: Final = (
    ("/api/", (*_SPAN, "beacon", "limit", "since", "kind", "campaign-from", "campaign-until", "nobody-knows")),
    ("/heat", (*_SPAN, "campaign-from", "campaign-until", "chart")),
    ("/live", ("mine", "filter")),
    ("/login", ("next", "link")),
    ("/bindings", ("job", "earlier")),
    ("/gateway/log", ("level",)),
    ("/", ("language",)),
)
"""What may stand behind the question mark, by how the path begins."""
FIELDS: Final = ("name", "password", "next", "link", "deed", "text", "base", "plan", "reason", "force", "visit")
FORM: Final = "application/x-www-form-urlencoded"
HEADERS: Final = (
    *(("Origin", value) for value in ("http://[::1", "null", "http://[", "//", "\xed\xa0\x80", "http://a:b:c", " ")),
    *(("Host", value) for value in ("", "[::1", "127.0.0.1:99999", "a b", "\xff", "127.0.0.1:x", "[::1%25eth0]", "@")),
    *(("Cookie", value) for value in ("visit=\xff\xfe" + "a" * 30, ";;;=;", "visit=" + "a" * 6_000, "language=\xff")),
    *(("Cookie", value) for value in ("=x", 'visit="\\377\\000"', "$Version=1; visit=1", "language=zh; language=en")),
    *(("Authorization", value) for value in ("Basic", "Basic ===", "Basic /////w==", "Basic Og==", "Digest \xff")),
    *(("Authorization", f"Basic {value}") for value in ("7aCAOng=", "AAA6AAA=", "A" * 6_000)),
    *(("Content-Type", value) for value in ("", ";", "text", "a/b; charset", f"{FORM}; charset=\xff", "multipart/x")),
    *(("Content-Type", f"{FORM}; charset={value}") for value in ("unicode_escape", "punycode", "idna", "zip", "utf-7")),
    *(("Content-Type", f"multipart/form-data; boundary={value}") for value in ("", '"', "a" * 71, '"\\', "\xff", "x")),
    *(("Content-Length", value) for value in ("-1", "+5", "5, 5", "0x5", TOO_LONG, "\xb2", " ")),
    *(("Transfer-Encoding", value) for value in ("chunked", "gzip, chunked", "chunked, chunked", "identity", "\xff")),
    *(("Expect", value) for value in ("100-continue", "200-ok", "\xff")),
    *(("Range", value) for value in ("bytes=0-1", "bytes=-", f"bytes={TOO_LONG}-", "lines=1-2")),
    *(("If-Modified-Since", value) for value in ("never", TOO_LONG, "Thu, 99 Foo 0000 99:99:99 GMT")),
    *(("If-None-Match", value) for value in ("*", '"', "\xff")),
    *(("Accept", value) for value in ("\xff", ";q=x", "text/html" * 700)),
    *(("X-Forwarded-For", value) for value in ("\xff", TOO_LONG, "::ffff:1.2.3.4%eth0", ",,,")),
    *(("Forwarded", value) for value in ("for=\xff", "\x00")),
    *(("Sec-Fetch-Site", value) for value in ("\xff", "cross-site")),
    *(("Connection", value) for value in ("upgrade", "keep-alive, close", "\xff")),
    *(("Upgrade", value) for value in ("websocket", "h2c", "\xff")),
    *(("Content-Encoding", value) for value in ("gzip", "br", "\xff")),
    *(("X-Long", value) for value in ("a" * 9_000, "\x00", "a\rb", "\x1b")),
    ("Referer", "\xed\xa0\x80"),
    ("User-Agent", "\xb5\xc8\xa5"),
    ("Accept-Language", "\xff"),
)
"""Latin-1 is how the bytes of a header are written here."""
LINES: Final = (
    *("GET / HTTP/1.0", "GET / HTTP/0.9", "GET / HTTP/9.9", "GET / HTTP/1.1 x", "GET  / HTTP/1.1", "GET /", "GET", ""),
    *("* / HTTP/1.1", "GET * HTTP/1.1", "OPTIONS * HTTP/1.1", "CONNECT a:1 HTTP/1.1", "GET http://[::1 HTTP/1.1"),
    *("GET http://127.0.0.1/ HTTP/1.1", "GET http://a:99999/ HTTP/1.1", "GET //[ HTTP/1.1", "GET /\xff\xfe HTTP/1.1"),
    *("GET /\xed\xa0\x80 HTTP/1.1", "GET /?\xed\xa0\x80=\xff HTTP/1.1", "GET /#\xff HTTP/1.1", "GET ?x HTTP/1.1"),
    *(
        "GET /x/../../y HTTP/1.1",
        "GET / HTTP/1.1\x00",
        "\x16\x03\x01\x02\x00\x01",
        "PRI * HTTP/2.0",
        "G\xcbT / HTTP/1.1",
    ),
    *(
        f"GET /{'a/' * 4_000} HTTP/1.1",
        f"GET /?{'a&' * 4_000} HTTP/1.1",
        f"{'A' * 9_000} / HTTP/1.1",
        "GET a:b HTTP/1.1",
    ),
    *("TRACE / HTTP/1.1", "PATCH / HTTP/1.1", "HEAD / HTTP/1.1", "FOO / HTTP/1.1", "DELETE /login HTTP/1.1"),
)
CHUNKS: Final = (
    "zz\r\n",
    "-1\r\n",
    "5\r\nabc",
    f"{'F' * 40}\r\n",
    "5;x=\xff\r\nabcde\r\n0\r\n\r\n",
    "0\r\nX: \xff\r\n\r\n",
    "\r\n",
)
_PART: Final = "--x\r\n{head}\r\n\r\n{body}\r\n--x--\r\n"
_NAMED: Final = 'Content-Disposition: form-data; name="visit"'
PARTS: Final = (
    *(
        "",
        "--x",
        "--x--",
        "--x\r\n",
        "--x\r\n\r\n",
        "--y--",
        "\r\n" * 2_000,
        "--x\r\n: \r\n\r\n--x--",
        "--x--" + "z" * 3_000,
    ),
    *(
        _PART.format(head=head, body="visit")
        for head in ("X", "A: b", "Content-Disposition", "Content-Disposition: \xff")
    ),
    *(_PART.format(head=f"{_NAMED}\r\n{head}", body="a") for head in ("Content-Length: 9", "Content-Length: -1")),
    *(_PART.format(head=f"{_NAMED}\r\nContent-Length: {value}", body="a") for value in (TOO_LONG, "\xb2", "")),
    *(
        _PART.format(head=f"{_NAMED}\r\nContent-Transfer-Encoding: {way}", body="=FF")
        for way in ("x", "base64", "\xff")
    ),
    *(_PART.format(head=f"{_NAMED}\r\nContent-Encoding: {way}", body="a") for way in ("gzip", "br", "nonsense")),
    *(
        _PART.format(head=f"{_NAMED}\r\nContent-Type: text/plain; charset={name}", body="a")
        for name in ("zip", "idna", '"')
    ),
    *(
        _PART.format(head='Content-Disposition: form-data; name="_charset_"', body=body)
        for body in ("x" * 99, "punycode")
    ),
    _PART.format(head=f'{_NAMED}; filename="a"', body="\xff" * 2_000),
    _PART.format(head="Content-Disposition: form-data; name*=utf-16''%ff", body="a"),
    _PART.format(head="Content-Type: multipart/mixed; boundary=y", body="--y\r\n\r\n--y--"),
    "--x\r\n" * 3_000,
    (f"--x\r\n{_NAMED}\r\n\r\n\r\n" * 300) + "--x--",
)


@dataclass(frozen=True)
class Asked:
    """A request, byte for byte; Latin-1 stands for bytes."""

    line: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    is_cut: bool = False
    """Whether less comes than it says."""

    def sent(self, port: int, cookie: str) -> bytes:
        given = {name.lower() for name, _ in self.headers}
        usual = [("Host", f"127.0.0.1:{port}"), ("Cookie", cookie), ("Connection", "close"), ("Accept", "text/html")]
        if self.body:
            usual.append(("Content-Length", str(len(self.body))))
        kept = [pair for pair in usual if pair[0].lower() not in given and pair[1]]
        if "transfer-encoding" in given:
            kept = [pair for pair in kept if pair[0] != "Content-Length"]
        head = "".join(f"{name}: {value}\r\n" for name, value in (*kept, *self.headers))
        return f"{self.line}\r\n{head}\r\n{self.body}".encode("latin-1")


@dataclass
class Client:
    """Sends each request on a connection of its own."""

    port: int
    cookie: str = ""
    token: str = ""
    codes: dict[int, int] = field(default_factory=dict)

    async def code(self, asked: Asked) -> int:
        """Return the status of the answer; 0 if the connection was closed without one."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        try:
            writer.write(asked.sent(self.port, self.cookie))
            if asked.is_cut:  # a browser that is gone halfway; any other waits for its answer
                writer.write_eof()
            first = await reader.readline()
            while first.startswith(b"HTTP/1.1 100"):
                await reader.readline()
                first = await reader.readline()
        except ConnectionError:
            first = b""
        finally:
            writer.close()
        found = re.match(rb"HTTP/1\.[01] (\d{3})", first)
        code = int(found[1]) if found else 0
        self.codes[code] = self.codes.get(code, 0) + 1
        return code

    async def get(self, path: str, accept: str = "text/html") -> str:
        """Return an answer as it came."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(Asked(f"GET {path} HTTP/1.1", (("Accept", accept),)).sent(self.port, self.cookie))
        answer = await reader.read()
        writer.close()
        return answer.decode()


def filled(path: str, value: str) -> str:
    """Return a route's path with that value in each place of it."""
    return re.sub(r"\{[^}]*\}", lambda _: value, path)


def requests(routes: Iterable[tuple[str, str]], good: str, token: str, fields: Mapping[str, str]) -> Iterator[Asked]:
    """Yield everything that is tried; `good` is a floor that there is, `fields` a whole form of the editor."""
    routes = list(routes)
    yield from _paths(routes, good)
    yield from (Asked(line) for line in LINES)
    for path in ("/", "/live/events", "/api/status", "/bindings", "/nothing"):
        for header in HEADERS:
            yield Asked(f"GET {path} HTTP/1.1", (header,))
    yield Asked("GET / HTTP/1.1", (("Host", "a"), ("Host", "b"), ("Cookie", "a"), ("Cookie", "b")))
    for path in {filled(path, good): None for method, path in routes if method == "POST"}:
        yield from _forms(path, token, fields)


def _paths(routes: Iterable[tuple[str, str]], good: str) -> Iterator[Asked]:
    for method, path in routes:
        for value in ENCODED if "{" in path else ():
            yield Asked(f"{method} {filled(path, value)} HTTP/1.1")
        for other in ("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"):
            yield Asked(f"{other} {filled(path, good)} HTTP/1.1")
        if method == "GET" and not path.startswith("/static/"):
            yield from _queries(filled(path, good))


def _queries(path: str) -> Iterator[Asked]:
    for name in (name for start, names in QUERIES if path.startswith(start) for name in names):
        for value in (*ENCODED, *NUMBERS):
            yield Asked(f"GET {path}?{name}={value} HTTP/1.1")
    yield Asked(f"GET {path}?limit=1&limit=2 HTTP/1.1")


def _forms(path: str, token: str, fields: Mapping[str, str]) -> Iterator[Asked]:
    line, kind = f"POST {path} HTTP/1.1", ("Content-Type", FORM)
    good = urlencode({"visit": token, **fields})
    for name in FIELDS:
        for value in TYPED:
            typed = {"visit": token, **fields, name: value}
            body = "&".join(f"{key}={quote(text, errors='surrogatepass')}" for key, text in typed.items())
            yield Asked(line, (kind,), body)
        for encoded in ENCODED:
            yield Asked(line, (kind,), f"{name}={encoded}&{good}")
    for header in HEADERS:
        yield Asked(line, (*(() if header[0] == "Content-Type" else (kind,)), header), good)
    for chunk in CHUNKS:
        yield Asked(line, (kind, ("Transfer-Encoding", "chunked")), chunk, is_cut=True)
    for part in PARTS:
        yield Asked(line, (("Content-Type", "multipart/form-data; boundary=x"),), part)
    yield Asked(line, (kind,), "\xff\xfe\x00")
    yield Asked(line, (kind, ("Content-Length", "9999")), "visit=x", is_cut=True)
