"""What must not be in any bundle, and the many ways in which a text may hold it."""

import base64
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, quote_plus

SECRET: Final = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
TOKEN: Final = "Qz7Callback/Token+4"
"""With characters that a URL writes otherwise."""
AES_KEY: Final = "aB3dE5fG7hI9jK1lM2nO4pQ6rS8tU0vW3xY5zA7bC9d"
ACCESS_TOKEN: Final = "77_abcDEF123-ghiJKL456"
MAC: Final = "DC:A6:32:0B:7E:41"
IPV4: Final = "203.0.113.77"
IPV6: Final = "2001:db8:4f::9a"
APPID: Final = "wx8d3c1f0e5b7a9264"
OPENID: Final = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
PERSON: Final = "wangxiaoming"
NETWORK: Final = "三楼办公室WiFi"
SERIAL: Final = "10000000e4c7b1f9"
MACHINE: Final = "3b1f6a7de2c94f0f8c5d7a61b09e4c23"
BOOT: Final = "5c0e2f7a-91d4-4b36-8a7e-d0c3b6f19e28"
EMAIL: Final = "xiaoming.wang@shop.example.com"
QUERY: Final = "member=8841&from=poster"

SECRETS: Final = (SECRET, TOKEN, AES_KEY, ACCESS_TOKEN)
IDENTIFIERS: Final = (
    *(MAC, MAC.replace(":", "_"), MAC.replace(":", "-"), MAC.replace(":", ""), IPV4, IPV6, APPID, OPENID, PERSON),
    *(NETWORK, SERIAL, MACHINE, BOOT, BOOT.replace("-", ""), EMAIL, QUERY),
)

JOURNAL: Final = f"""\
2026-11-24T09:00:01+0800 beacon-gateway[412]: {{"event": "wechat.refused", "reason": "secret is {SECRET}"}}
2026-11-24T09:00:02+0800 beacon-gateway[412]: GET https://api.weixin.qq.com/x?access_token={ACCESS_TOKEN}&{QUERY} 500
2026-11-24T09:00:03+0800 beacon-gateway[412]: Authorization: Bearer {ACCESS_TOKEN}
2026-11-24T09:00:04+0800 beacon-gateway[412]: appid {APPID.upper()} openid={OPENID} from {IPV4}:443 and [{IPV6}]
2026-11-24T09:00:05+0800 bluetoothd[300]: /org/bluez/hci0/dev_{MAC.replace(":", "_")} ssid="{NETWORK}" {MAC.lower()}
2026-11-24T09:00:06+0800 beacon-gateway[412]: "/home/{PERSON}/x.py" serial={SERIAL} machine-id={MACHINE} boot {BOOT}
2026-11-24T09:00:07+0800 beacon-gateway[412]: basic {base64.b64encode(f"{APPID}:{SECRET}".encode()).decode()}
2026-11-24T09:00:08+0800 beacon-gateway[412]: form token {quote(TOKEN, safe="")} and {TOKEN} and key {AES_KEY}
2026-11-24T09:00:09+0800 beacon-gateway[412]: https://{PERSON}:{SECRET}@proxy.example.com/ mail {EMAIL}
2026-11-24T09:00:10+0800 beacon-gateway[412]: 127.0.0.1 and 0.0.0.0 are nobody's
"""
UNIT: Final = f"""\
Id=beacon-gateway.service
Environment=BEACON_GATEWAY_WECHAT_SECRET={SECRET} OTHER_TOKEN={ACCESS_TOKEN}
LoadCredential=wechat-secret:/etc/beacon-gateway/wechat-secret
SetCredential=wechat-secret:{SECRET}
InvocationID={MACHINE}
User=beacon-gateway
"""


def traces(content: bytes) -> Iterator[str]:
    """Tell everything planted that is in there: as it is, in any case, as in URLs, as hex, or in base64."""
    folded = content.lower()
    for value in (*SECRETS, *IDENTIFIERS):
        forms = (value, quote(value, safe=""), quote_plus(value), value.encode().hex())
        if any(form.lower().encode() in folded for form in forms):
            yield value
        for before in (b"", b"a", b"bc"):
            encoded = base64.b64encode(before + value.encode() + b"def")
            if encoded[4:-8] in content:
                yield f"{value} in base64"
