"""WeChat through an HTTP proxy, as the environment names it: real proxies, real TLS."""

import asyncio
import base64
import json
import os
import ssl
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from beacon_gateway.adapters.wechat.account import opening
from beacon_gateway.adapters.wechat.icon_download import download_icons
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.core.bindings.target import NeedsOperator, TryLater
from beacon_gateway.core.files.outline import OutlinedIcon
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.messages import explain_trouble
from tests.services.bindings.scene import SECRET, SETTINGS, WeChatSide, picture

FAR_AWAY = "http://api.weixin.test"
"""A name that only the proxy knows."""
PASSWORD = "pr0xy-5ecret"


class SmallProxy:
    """Hands on what is asked of it to one server, whatever its name; TLS ends here with a certificate of the test's."""

    def __init__(self, server: str, *, certificate: Path | None = None, wants: str = "", answers: int = 0) -> None:
        """`wants` is a user and a password; with `answers` it refuses with this status."""
        parts = urlsplit(server)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._certificate, self._wants, self._answers = certificate, wants, answers
        self.asked: list[str] = []
        """The first line of each request."""
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, _, rest = head.partition("\r\n")
        self.asked.append(line)
        given = next((text for text in rest.splitlines() if text.lower().startswith("proxy-authorization:")), "")
        wanted = f"Basic {base64.b64encode(self._wants.encode()).decode()}"
        status = self._answers or (407 if self._wants and not given.endswith(wanted) else 0)
        if status:
            writer.write(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        elif line.startswith("CONNECT "):
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            assert self._certificate
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self._certificate)
            await writer.start_tls(context)
            await self._relay(reader, writer, b"")
        else:
            method, address, version = line.split(" ")
            path = "/" + address.split("/", 3)[3]
            await self._relay(reader, writer, f"{method} {path} {version}\r\n{rest}".encode())
        writer.close()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
        theirs, ours = await asyncio.open_connection(self._host, self._port)
        ours.write(head)

        async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while content := await source.read(1 << 16):
                target.write(content)
                await target.drain()

        tasks = [asyncio.create_task(copy(reader, ours)), asyncio.create_task(copy(theirs, writer))]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        ours.close()


@asynccontextmanager
async def standing(proxy: SmallProxy) -> AsyncIterator[SmallProxy]:
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


def client_of(base: str, **environment: str) -> WeChatClient:
    return WeChatClient(api_base=base, appid=SETTINGS.appid, secret=SECRET, sleep=no_pause, environment=environment)


async def test_a_plain_proxy_is_asked_for_everything(wechat: WeChatSide) -> None:
    async with standing(SmallProxy(wechat.url)) as proxy, client_of(FAR_AWAY, http_proxy=proxy.url) as client:
        await opening(client)
    assert proxy.asked
    assert proxy.asked[0].startswith(f"POST {FAR_AWAY}/cgi-bin/stable_token HTTP")


async def test_exceptions_are_asked_directly(wechat: WeChatSide) -> None:
    async with standing(SmallProxy(wechat.url)) as proxy:
        async with client_of(FAR_AWAY, http_proxy=proxy.url, no_proxy="weixin.test") as client:
            with pytest.raises(TryLater):
                await opening(client)
        async with client_of(wechat.url, http_proxy=proxy.url) as client:  # this very machine
            await opening(client)
    assert proxy.asked == []


async def test_user_and_password_are_given_to_the_proxy_and_to_nobody_else(
    wechat: WeChatSide, capsys: pytest.CaptureFixture[str]
) -> None:
    async with standing(SmallProxy(wechat.url, wants=f"buyer:{PASSWORD}")) as proxy:
        right = proxy.url.replace("//", f"//buyer:{PASSWORD}@")
        async with client_of(FAR_AWAY, http_proxy=right) as client:
            await opening(client)
        async with client_of(FAR_AWAY, http_proxy=right.replace("buyer", "another")) as client:
            with pytest.raises(TryLater, match="HTTP 407") as caught:
                await opening(client)
    assert PASSWORD not in f"{caught.value!r} {caught.getrepr(showlocals=False)}"
    captured = capsys.readouterr()
    assert PASSWORD not in captured.out + captured.err


@pytest.mark.parametrize("status", [403, 407, 502])
async def test_a_proxy_that_refuses_a_tunnel_is_named(wechat: WeChatSide, status: int) -> None:
    async with standing(SmallProxy(wechat.url, answers=status)) as proxy:
        with_secret = proxy.url.replace("//", f"//buyer:{PASSWORD}@")
        async with client_of("https://api.weixin.test", https_proxy=with_secret) as client:
            with pytest.raises(TryLater) as caught:
                await opening(client)
    host = proxy.url.removeprefix("http://")
    assert str(caught.value).endswith(f"ClientHttpProxyError {status} (through the proxy {host})")
    assert caught.value.__cause__ is None
    assert PASSWORD not in str(caught.value)


async def test_a_proxy_that_is_not_there_is_named(wechat: WeChatSide) -> None:
    async with standing(SmallProxy(wechat.url)) as proxy:
        pass
    async with client_of("https://api.weixin.test", https_proxy=proxy.url) as client:
        with pytest.raises(TryLater, match="through the proxy 127"):
            await opening(client)


async def test_what_is_no_proxy_needs_a_person(wechat: WeChatSide) -> None:
    async with client_of("https://api.weixin.test", HTTPS_PROXY=f"socks5://u:{PASSWORD}@proxy:1080") as client:
        with pytest.raises(NeedsOperator) as caught:
            await opening(client)
    assert PASSWORD not in str(caught.value)
    assert "HTTPS_PROXY" in explain_trouble(caught.value, Language.CHINESE)
    assert "http://主机:端口" in explain_trouble(caught.value, Language.CHINESE)
    assert wechat.calls() == {}


async def test_icons_come_through_it_too(wechat: WeChatSide) -> None:
    address = wechat.account.materials.add_icon(picture("a"), wechat.clock())
    path = urlsplit(address).path
    async with standing(SmallProxy(wechat.url)) as proxy:
        found = await download_icons(
            [f"{FAR_AWAY}{path}", f"https://api.weixin.test{path}"],
            environment={"http_proxy": proxy.url, "https_proxy": "socks5://x"},
        )
    assert isinstance(found[f"{FAR_AWAY}{path}"], OutlinedIcon)
    assert found[f"https://api.weixin.test{path}"] == "UnusableProxy"
    assert proxy.asked == [f"GET {FAR_AWAY}{path} HTTP/1.1"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of api.weixin.test that vouches for itself, with its key, in one file."""
    pair = tmp_path_factory.mktemp("authority") / "wechat.pem"
    request = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=api.weixin.test")
    names = ("-addext", "subjectAltName=DNS:api.weixin.test", "-keyout", f"{pair}", "-out", f"{pair}.crt")
    subprocess.run([*request, *names], check=True, capture_output=True)  # noqa: S603 - fixed words
    pair.write_text(pair.read_text() + Path(f"{pair}.crt").read_text())
    return pair


async def test_https_goes_through_a_tunnel_and_netrc_is_never_read(
    wechat: WeChatSide, certificate: Path, tmp_path: Path
) -> None:
    """As the service does it, in a process whose home has a ~/.netrc for both hosts."""
    (tmp_path / ".netrc").write_text(f"default login netrc password {PASSWORD}\n")
    (tmp_path / ".netrc").chmod(0o600)
    (tmp_path / "gateway.yaml").write_text(
        f"gateway: pi\nfloor: F6\nlanguage: en\nstate: state\n"
        f"wechat: {{appid: {SETTINGS.appid}, api_base: 'https://api.weixin.test'}}\n"
    )
    async with standing(SmallProxy(wechat.url, certificate=certificate)) as proxy:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "beacon_gateway", "account", "--json", "--config", str(tmp_path / "gateway.yaml")),
            env={
                **os.environ,
                "HOME": str(tmp_path),
                "HTTPS_PROXY": proxy.url,
                "SSL_CERT_FILE": f"{certificate}.crt",
                "BEACON_GATEWAY_WECHAT_SECRET": SECRET,
                "PYTHONWARNINGS": "error",
            },
            stdout=PIPE,
            stderr=PIPE,
        )
        out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out)["state"] == "open"
    assert set(proxy.asked) == {"CONNECT api.weixin.test:443 HTTP/1.1"}
