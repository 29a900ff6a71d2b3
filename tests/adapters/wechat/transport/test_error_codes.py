"""WeChat's error codes as wechatpy has them, against what is done and said about them here."""

from typing import Final

from wechatpy.constants import WeChatErrorCode

from beacon_gateway.adapters.wechat.transport.errors import DAY_QUOTA, MINUTE_QUOTA, TOKEN_REJECTED
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.messages import explain_code

ABOUT_OUR_CALLS: Final = {
    "SYSTEM_BUSY",
    "INVALID_CREDENTIAL",
    "INVALID_CREDENTIAL_TYPE",
    "INVALID_APP_ID",
    "INVALID_ACCESS_TOKEN",
    "INVALID_REQUEST_CHARSET",
    "INVALID_PARAMETER",
    "INVALID_APP_SECRET",
    "MISSING_ACCESS_TOKEN",
    "MISSING_APP_ID",
    "MISSING_APP_SECRET",
    "EXPIRED_ACCESS_TOKEN",
    "REQUIRE_GET",
    "REQUIRE_POST",
    "REQUIRE_HTTPS",
    "EMPTY_POST_DATA",
    "OUT_OF_API_FREQ_LIMIT",
    "API_MINUTE_QUOTA_REACH_LIMIT",
    "DATA_FORMAT_ERROR",
    "UNAUTHORIZED_API",
    "API_BANNED",
    "OUT_OF_RESET_LIMIT",
    "USER_LIMITED",
    "UNAUTHORIZED_COMPONENT",
    "UNAUTHORIZED_COMPONENT_API",
}
"""All others are about messages, menus, media, templates and people who log in: nothing that the gateway asks for."""


def is_explained(code: int) -> bool:
    return explain_code(code, "", Language.ENGLISH) != explain_code("?", "", Language.ENGLISH).replace("?", str(code))


def test_those_that_concern_our_calls_are_explained_and_no_others() -> None:
    assert {code.name for code in WeChatErrorCode if is_explained(code.value)} == ABOUT_OUR_CALLS


def test_the_same_codes_ask_for_another_token_and_for_patience() -> None:
    known = WeChatErrorCode
    assert {
        known.INVALID_CREDENTIAL.value,
        known.INVALID_ACCESS_TOKEN.value,
        known.EXPIRED_ACCESS_TOKEN.value,
    } == TOKEN_REJECTED
    assert known.OUT_OF_API_FREQ_LIMIT.value == DAY_QUOTA
    assert known.API_MINUTE_QUOTA_REACH_LIMIT.value == MINUTE_QUOTA


def test_wechatpy_knows_none_of_shake_nearbys_own_and_all_of_them_are_explained_here() -> None:
    unused = {*range(9001011, 9001020), *range(9001080, 9001090)}
    of_shake_nearby = {*range(9001001, 9001092)} - unused
    assert not of_shake_nearby & {code.value for code in WeChatErrorCode}
    assert {code for code in of_shake_nearby if not is_explained(code)} == set()
