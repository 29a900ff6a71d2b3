"""How calls name devices."""

from beacon_gateway.simulator.wechat.fields import RequestFields
from beacon_gateway.simulator.wechat.state.account import EmulatedAccount
from beacon_gateway.simulator.wechat.state.records import EmulatedDevice


def find_device(account: EmulatedAccount, identifier: RequestFields) -> EmulatedDevice:
    """The device that an identifier names; `device_id` wins over uuid, major and minor, even when they disagree.

    Raises 9001025 for one that is unknown, 9001001 when the identifier is incomplete.
    """
    if "device_id" in identifier:
        return account.device(identifier.integer("device_id"))
    return account.device_of_key(identifier.text("uuid"), identifier.integer("major"), identifier.integer("minor"))


def key_of(device: EmulatedDevice) -> dict[str, object]:
    return {"device_id": device.device_id, "uuid": device.uuid, "major": device.major, "minor": device.minor}
