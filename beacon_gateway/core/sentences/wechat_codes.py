"""WeChat's error codes that mean the same to people: one sentence of the catalogue serves them.

The numbers are all that can be relied on; their texts differ by year and call. Which account, page or beacon it was
stands beside the sentence, in WeChat's own words.
"""

from collections.abc import Mapping
from typing import Final

SAME_AS: Final[Mapping[int, int]] = {
    code: told
    for told, codes in {
        40001: (40014, 42001),
        40035: (40097, 9001001),
        48001: (9001020,),
        50002: (50004, 50007),
        61003: (61004, 61007),
        89501: (89502, 89503, 89504, 89505),
        # Red packets, which the gateway does not use
        9001059: (9001072, 9001073, 9001075, 9001077, 9001079, 9001090, 9001091),
        9001060: (9001061, 9001062, 9001069, 9001070, 9001071, 9001074, 9001076, 9001078),
        9001063: (9001064, 9001065, 9001066, 9001067, 9001068),
    }.items()
    for code in codes
}
"""By a code, the code whose sentence (`wechat.code.NUMBER`) is said for it."""
