"""material/add."""

import aiohttp
import pytest

from tests.simulator.wechat.wechat_client import Wechat, png

GIF = b"GIF89a" + (120).to_bytes(2, "little") * 2 + b"\x00"
JPEG = b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc2\x00\x11\x08\x00\x78\x00\x78\x03"
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 "


@pytest.mark.parametrize("content", [png(), GIF, JPEG, png(1, 1), png(200, 200)])
async def test_an_icon_gets_an_http_address(wechat: Wechat, content: bytes) -> None:
    url = (await wechat.upload(content))["data"]["pic_url"]
    assert url.startswith("http://")
    assert url.endswith("/120")


@pytest.mark.parametrize(
    ("content", "errcode"),
    [
        (png(201, 201), 9001009),
        (png(200, 199), 9001009),
        (png(0, 0), 9001009),
        (b"BM" + bytes(60), 9001008),
        (WEBP, 9001008),
        (png()[:20], 9001008),
        (JPEG[:12], 9001008),
        (b"", 9001007),
        (png() + bytes(1 << 20), 45001),
    ],
)
async def test_a_bad_icon_is_refused(wechat: Wechat, content: bytes, errcode: int) -> None:
    assert (await wechat.upload(content))["errcode"] == errcode


@pytest.mark.parametrize("kind", ["icon", "Icon", "license", "License"])
async def test_the_type_may_be_written_either_way(wechat: Wechat, kind: str) -> None:
    assert (await wechat.upload(png(), type=kind))["errcode"] == 0


async def test_an_unknown_type_is_refused(wechat: Wechat) -> None:
    assert (await wechat.upload(png(), type="logo"))["errcode"] == 9001001


async def test_a_licence_may_have_any_shape_up_to_two_megabytes(wechat: Wechat) -> None:
    sheet = png(3_000, 2_000)
    filled = sheet + bytes((2 << 20) - len(sheet))
    assert (await wechat.upload(filled, type="license"))["data"]["pic_url"].endswith("/0")
    assert (await wechat.upload(filled + b"x", type="license"))["errcode"] == 45001


async def test_the_type_may_stand_in_the_form(wechat: Wechat) -> None:
    form = aiohttp.FormData({"type": "license"})
    form.add_field("media", png(300, 20), filename="licence.png")
    query = {"access_token": await wechat.token()}
    async with wechat.session.post("/shakearound/material/add", data=form, params=query) as response:
        assert (await response.json())["errcode"] == 0


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"rubbish", "multipart/form-data; boundary=x"),
        (b"rubbish", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="media"\r\n\r\nno filename\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="media"; filename="a.png"\r\n\r\ncut',
            "multipart/form-data; boundary=x",
        ),
        (png(), "image/png"),
    ],
)
async def test_without_a_file_part_the_upload_is_missing(wechat: Wechat, body: bytes, content_type: str) -> None:
    query, headers = {"access_token": await wechat.token()}, {"Content-Type": content_type}
    async with wechat.session.post("/shakearound/material/add", data=body, params=query, headers=headers) as response:
        assert (await response.json())["errcode"] == 9001007


async def test_the_same_file_twice_gets_two_addresses(wechat: Wechat) -> None:
    first, second = await wechat.upload(png()), await wechat.upload(png())
    assert first["data"]["pic_url"] != second["data"]["pic_url"]
