"""Whatever is sent, the answer is an answer."""

import json
import random
import re
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from beacon_gateway.simulator.wechat import EmulatedError, Emulator
from beacon_gateway.simulator.wechat.request import ApiRequest
from tests.simulator.wechat.wechat_client import NOON, SETTINGS

PATHS = [
    *(f"account/{name}" for name in ("register", "auditstatus")),
    *(f"device/{name}" for name in ("applyid", "applystatus", "update", "bindlocation", "bindpage", "search")),
    *(f"device/group/{name}" for name in ("add", "update", "delete", "getlist", "getdetail", "adddevice")),
    *(f"page/{name}" for name in ("add", "update", "search", "delete")),
    *(f"statistics/{name}" for name in ("device", "page", "devicelist", "pagelist")),
    *("device/group/deletedevice", "material/add", "relation/search", "user/getshakeinfo"),
]
NUMBERS = st.sampled_from([0, 1, 2, 3, 50, 901, 20_001, 50_054, NOON, -1, 2**63 - 1, -(2**63), 2**63])
VALUES: st.SearchStrategy[object] = NUMBERS | st.sampled_from(
    [None, True, 0.5, "", "7", "x", "词", "\ud83d", "http://a/b", [], {}, [1], ["x"], [[]]]
)
IDENTIFIERS = st.dictionaries(st.sampled_from(["device_id", "uuid", "major", "minor"]), VALUES)
NAMES = st.sampled_from(
    re.findall(
        r"\w+",
        "type count begin last_seen page_id page_ids apply_id quantity apply_reason comment poi_id "
        "poi_appid title description page_url icon_url begin_date end_date date page_index group_id "
        "group_name ticket need_poi name phone_number email industry_id qualification_cert_urls",
    )
)
BODIES = st.builds(
    lambda fields, one, many: {**fields, "device_identifier": one, "device_identifiers": many},
    st.dictionaries(NAMES, VALUES, max_size=12),
    IDENTIFIERS | VALUES,
    st.lists(IDENTIFIERS | VALUES, max_size=3) | VALUES,
)


@settings(derandomize=True, max_examples=1_000, deadline=None)
@given(st.sampled_from(PATHS), BODIES)
def test_no_body_breaks_the_emulator(path: str, body: dict[str, object]) -> None:
    emulator = Emulator(SETTINGS, clock=lambda: NOON, rng=random.Random(1))
    device_id = emulator.account.add_device(major=1, minor=1, device_id=20_001)
    page_id = emulator.account.add_page(title="t", description="d", page_url="http://a/b")
    emulator.account.bind(device_id, [page_id])
    query = {"access_token": emulator.tokens.stable(NOON)[0]}
    with suppress(EmulatedError):
        reply = emulator.answer(ApiRequest("POST", f"/shakearound/{path}", query, json.dumps(body).encode()))
        assert json.dumps(reply, ensure_ascii=False).encode()
