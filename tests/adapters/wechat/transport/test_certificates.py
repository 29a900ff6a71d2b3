"""HTTPS as the unit has it: authorities are looked up in a folder, and any other is not believed."""

import asyncio
import os
import re
import ssl
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.places import PROJECT

UNIT = PROJECT / "deploy" / "raspberry-pi" / "systemd" / "beacon-gateway.service"
ASKS = """
import asyncio, sys
import aiohttp
async def main():
    async with aiohttp.ClientSession() as session, session.get(sys.argv[1]) as answer:
        print(answer.status)
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of localhost that vouches for itself, with its key, in one file."""
    pair = tmp_path_factory.mktemp("authority") / "localhost.pem"
    request = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
    openssl(*request, "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{pair}", "-out", f"{pair}.crt")
    pair.write_text(pair.read_text() + Path(f"{pair}.crt").read_text())
    return pair


def openssl(*words: str) -> str:
    return subprocess.run(["openssl", *words], check=True, capture_output=True, text=True).stdout


@asynccontextmanager
async def serving(certificate: Path) -> AsyncIterator[str]:
    """Answer all that is asked over HTTPS; return the address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}/"


async def ask(address: str, folder: Path) -> tuple[str, str]:
    """Ask as the daemon's process does: with the unit's environment, but another folder of authorities."""
    [told] = re.findall(r"^Environment=(SSL_CERT_FILE=\S+)$", UNIT.read_text(), re.MULTILINE)
    name, value = told.split("=")
    environment = {**os.environ, name: value, "SSL_CERT_DIR": f"{folder}"}
    command = (sys.executable, "-c", ASKS, address)
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=PIPE)
    output, errors = await process.communicate()
    return output.decode().strip(), errors.decode()


async def test_an_authority_in_the_folder_is_believed(certificate: Path, tmp_path: Path) -> None:
    name = openssl("x509", "-in", f"{certificate}", "-noout", "-hash").strip()
    (tmp_path / f"{name}.0").write_text(openssl("x509", "-in", f"{certificate}"))
    async with serving(certificate) as address:
        assert await ask(address, tmp_path) == ("204", "")


async def test_one_that_is_not_there_is_not(certificate: Path, tmp_path: Path) -> None:
    async with serving(certificate) as address:
        said, errors = await ask(address, tmp_path)
    assert said == ""
    assert "CERTIFICATE_VERIFY_FAILED" in errors
