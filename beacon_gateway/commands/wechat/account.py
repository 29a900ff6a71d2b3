"""`account`: what the account can still do, before anything is tried on it."""

import json
from argparse import Namespace
from functools import partial

from beacon_gateway.adapters.wechat.account import opening
from beacon_gateway.adapters.wechat.account_reader import AccountReader
from beacon_gateway.adapters.wechat.reviews import ReviewVerdict
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.wechat.account_access import AccountAccess, ask
from beacon_gateway.core.sentences.messages import say

_STATES = {ReviewVerdict.REJECTED: "rejected", ReviewVerdict.PENDING: "pending", ReviewVerdict.APPROVED: "open"}


def run(arguments: Namespace) -> int:
    return ask(arguments, partial(_look, arguments))


async def _look(arguments: Namespace, access: AccountAccess) -> ExitCode:
    review = await opening(access.client)
    state, said = _STATES[review.verdict], review.comment
    devices, pages = await AccountReader(access.client).counts() if state == "open" else (0, 0)
    if arguments.json:
        print(json.dumps({"state": state, "said": said, "devices": devices, "pages": pages}, ensure_ascii=False))
    else:
        details = {"account": access.account.appid, "devices": devices, "pages": pages, "said": said}
        print(say(f"account.{state}", access.language, **details).rstrip())
    return ExitCode.FINE if state == "open" else ExitCode.OPERATOR
