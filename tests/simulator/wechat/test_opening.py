"""account/register, account/auditstatus, and accounts that cannot."""

from dataclasses import replace
from typing import Literal

import pytest

from tests.simulator.wechat.wechat_client import DAY, NOON, SETTINGS, Json, Wechat, png, serving

CLOSED = replace(SETTINGS, enabled=False)
FORM = {
    "name": "李雷",
    "phone_number": "13800000000",
    "email": "ops@example.com",
    "industry_id": "0118",
    "qualification_cert_urls": [],
    "apply_reason": "gateway",
}


async def test_an_opened_account_is_approved_and_cannot_register(wechat: Wechat) -> None:
    assert (await wechat.data("account/auditstatus", {}))["audit_status"] == 2
    assert await wechat.errcode("account/register", FORM) == 9001048


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_status_may_be_asked_with_either_verb(wechat: Wechat, method: str) -> None:
    answer = await wechat.send(method, "/shakearound/account/auditstatus", access_token=await wechat.token())
    assert answer["data"] == {"apply_time": 0, "audit_comment": "", "audit_status": 2, "audit_time": 0}


async def test_registration_is_reviewed_by_staff_and_may_be_repeated_only_after_a_rejection() -> None:
    async with serving(CLOSED) as wechat:
        assert await wechat.errcode("device/search", {"type": 2, "last_seen": 0, "count": 1}) == 9001020
        assert await wechat.errcode("account/auditstatus", {}) == 9001020
        assert await wechat.data("account/register", FORM) == {}
        pending = {"apply_time": NOON, "audit_comment": "", "audit_status": 1, "audit_time": 0}
        assert await wechat.data("account/auditstatus", {}) == pending
        assert await wechat.errcode("account/register", FORM) == 9001048
        wechat.account.registration.review(NOON + DAY, approve=False, comment="unclear")
        rejected = {"apply_time": NOON, "audit_comment": "unclear", "audit_status": 0, "audit_time": NOON + DAY}
        assert await wechat.data("account/auditstatus", {}) == rejected
        assert await wechat.data("account/register", FORM) == {}
        wechat.account.registration.review(NOON + DAY, approve=True)
        assert await wechat.errcode("device/search", {"type": 2, "last_seen": 0, "count": 1}) == 0


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"name": "李" * 21}, 9001039),
        ({"name": ""}, 9001039),
        ({"name": None}, 9001001),
        ({"phone_number": "call me"}, 9001040),
        ({"email": "nobody"}, 9001041),
        ({"industry_id": "9999"}, 9001042),
        ({"industry_id": 118}, 9001001),
        ({"qualification_cert_urls": ["http://example.com/licence.png"]}, 9001043),
        ({"qualification_cert_urls": None}, 9001044),
        ({"apply_reason": "因" * 251}, 9001045),
        ({"apply_reason": None}, 0),
    ],
)
async def test_the_form_names_its_fault(changed: Json, errcode: int) -> None:
    async with serving(CLOSED) as wechat:
        assert await wechat.errcode("account/register", {**FORM, **changed}) == errcode


async def test_a_qualification_comes_from_an_uploaded_licence(wechat: Wechat) -> None:
    url = (await wechat.upload(png(300, 200), type="license"))["data"]["pic_url"]
    assert wechat.account.materials.is_license(url)


async def test_an_account_that_is_not_verified_cannot_register() -> None:
    async with serving(replace(CLOSED, verified=False)) as wechat:
        assert await wechat.errcode("account/register", FORM) == 9001046


@pytest.mark.parametrize("errcode", [48001, 9001020])
async def test_a_recalled_account_gets_tokens_and_nothing_else(errcode: Literal[48001, 9001020]) -> None:
    async with serving(replace(SETTINGS, recalled=errcode)) as wechat:
        names = ["device/search", "page/search", "account/auditstatus", "relation/search", "device/group/getlist"]
        assert {await wechat.errcode(name, {}) for name in names} == {errcode}
        assert (await wechat.upload(png()))["errcode"] == errcode
