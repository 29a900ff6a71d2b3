"""A message of WeChat's, read as a shake.

wechatpy reads it too, but fails on exactly one beacon around, the commonest case in a shop (1.8.18: xmltodict gives a
dictionary in place of a list).
"""

import re
from datetime import UTC, datetime
from itertools import islice
from typing import Final
from uuid import UUID

from beacon_gateway.adapters.wechat.callback.message_xml import BadMessage, XmlElement, read_xml
from beacon_gateway.core.log.shake import ReportedShake
from beacon_gateway.core.model.ibeacon import BeaconKey

EVENT: Final = "ShakearoundUserShake"
MAX_BEACONS_AROUND: Final = 5
"""WeChat, Shake Nearby, "event notifications"; what stands behind them is not read."""
MAX_OPENID_CHARACTERS: Final = 128
"""Real ones have 28 characters."""
MIN_CREATED_UNIX_S: Final = 1_400_000_000
"""May 2014: there was no Shake Nearby before."""
MAX_CREATED_UNIX_S: Final = 4_102_444_800
"""2100."""

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NUMBER: Final = re.compile(r"[0-9]{1,10}")
_MAX_PART_OF_KEY: Final = 0xFFFF


class Encrypted(BadMessage):
    """Nothing in it can be read but its encrypted part."""


def read_shake(xml: bytes) -> ReportedShake | None:
    """Read a message that is not encrypted; None for one about something else. Raises BadMessage.

    Distances are not read: nothing is done with them.
    """
    message = read_xml(xml)
    if message.find("MsgType") is None and message.find("Encrypt"):
        raise Encrypted("only an encrypted part")
    if message.text_of("MsgType") != "event" or message.text_of("Event") != EVENT:
        return None
    openid = message.text_of("FromUserName")
    if not 1 <= len(openid) <= MAX_OPENID_CHARACTERS:
        raise BadMessage("FromUserName is no openid")
    created = _number(message, "CreateTime", MIN_CREATED_UNIX_S, MAX_CREATED_UNIX_S)
    around = message.find("AroundBeacons")
    return ReportedShake(
        openid=openid,
        created=datetime.fromtimestamp(created, UTC),
        key=_key(message.part("ChosenBeacon")),
        around=tuple(map(_key, islice(around.all("AroundBeacon"), MAX_BEACONS_AROUND))) if around else (),
    )


def _key(beacon: XmlElement) -> BeaconKey:
    uuid = beacon.text_of("Uuid")
    if not _UUID.fullmatch(uuid):
        raise BadMessage("Uuid is none")
    return BeaconKey(
        UUID(uuid), _number(beacon, "Major", 0, _MAX_PART_OF_KEY), _number(beacon, "Minor", 0, _MAX_PART_OF_KEY)
    )


def _number(element: XmlElement, name: str, least: int, most: int) -> int:
    text = element.text_of(name)
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise BadMessage(f"{name} is no number from {least} to {most}")
    return int(text)
