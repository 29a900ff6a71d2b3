"""WeChat's error codes: what happened, and what to do.

The numbers are all that can be relied on; their texts differ by year and call. Which account, page or beacon it was
stands beside the sentence, in WeChat's own words.
"""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

_REPORT_ZH: Final = "这是网关的错误，请把这一行报给开发者。"
_REPORT_EN: Final = "This is a fault of the gateway: please report this line."
_WAIT_ZH: Final = "网关会自己再试；一直这样，请过一小时再看。"
_WAIT_EN: Final = "The gateway tries again by itself; if this goes on, look again in an hour."


def _bug(zh: str, en: str) -> Text:
    return Text(f"{zh}{_REPORT_ZH}", f"{en} {_REPORT_EN}")


def _passing(zh: str, en: str) -> Text:
    return Text(f"{zh}{_WAIT_ZH}", f"{en} {_WAIT_EN}")


_RECALLED: Final = Text(
    "这个公众号不能（或不再能）使用摇一摇周边：腾讯在 2021 年收回了这项功能。绑定不会再更新，其他功能照常；"
    "如认为有误，请在公众号后台查看接口权限。",
    "This account may not (or no longer) use Shake Nearby: Tencent took the service back in 2021. Bindings are not "
    "updated any more, all else goes on. If you think otherwise, check the API permissions in the account's console.",
)
_LIMITED: Final = Text(
    "这个公众号被微信限制或冻结了。请管理员登录公众号后台，看通知里的原因并处理。",
    "WeChat has limited or frozen this account. Its administrator finds the reason among the console's notices.",
)
_PLATFORM: Final = Text(
    "这个公众号由第三方平台管理，平台没有得到这项授权。请管理员在公众号后台查看第三方平台授权。",
    "This account is run by a third-party platform that lacks this authorisation. Check the platform's authorisation "
    "in the account's console.",
)
_CONFIRM_IP: Final = Text(
    "微信在等公众号管理员确认这台网关的 IP。请管理员查看微信里的“公众平台安全助手”并确认。",
    "WeChat waits for the account's administrator to confirm the address of this gateway. The message is in the "
    "administrator's WeChat.",
)
_TOKEN: Final = Text(
    "微信刚发的 access_token 又被拒绝。请核对 appid 和 AppSecret，并查看有没有别的系统在强制刷新这个公众号的 token。",
    "WeChat rejects the access token that it has just given out. Check appid and AppSecret, and whether another system "
    "forces new tokens for this account.",
)
_RED_PACKET: Final = Text(
    "这是摇红包的权限问题，网关不用红包。请在微信后台处理红包活动。",
    "This is about the permission for red packets, which the gateway does not use. See to it in WeChat's console.",
)
_RED_PACKET_FAILED: Final = _passing("微信的红包服务出错。", "WeChat's red packet service failed.")
_RED_PACKET_CALL: Final = Text(
    "红包活动的参数不对，网关不用红包。请检查使用红包的系统。",
    "The parameters of a red packet activity are wrong. The gateway does not use any: check the system that does.",
)

CODES: Final[Mapping[int, Text]] = {
    # Of every API
    -1: _passing("微信系统繁忙。", "WeChat is busy."),
    40001: _TOKEN,
    40002: _bug("grant_type 不对。", "The grant_type is wrong."),
    40013: Text(
        "appid 不对。请核对 gateway.yaml 里的 wechat.appid。",
        "The appid is wrong. Check wechat.appid in gateway.yaml.",
    ),
    40014: _TOKEN,
    40033: _bug("请求里有微信不收的字符。", "The request holds characters that WeChat does not take."),
    40035: _bug("请求参数不对。", "The parameters of the request are wrong."),
    40097: _bug("请求参数不对。", "The parameters of the request are wrong."),
    40125: Text(
        "AppSecret 不对。请在公众号后台重置，并更新网关里的密钥。",
        "The AppSecret is wrong. Reset it in the account's console, and give the new one to the gateway.",
    ),
    40164: Text(
        "这台网关的公网 IP 不在公众号的 IP 白名单里。请在公众号后台“设置与开发→安全中心”把它加上。",
        "The public address of this gateway is not on the account's IP list. Add it in the account's console.",
    ),
    40243: Text(
        "AppSecret 被冻结了。请管理员在公众号后台解冻。",
        "The AppSecret is frozen. The administrator can thaw it in the account's console.",
    ),
    41001: _bug("请求里缺少 access_token。", "The request lacks its access token."),
    41002: Text(
        "请求里缺少 appid。请核对 gateway.yaml 里的 wechat.appid。",
        "The request lacks its appid. Check wechat.appid in gateway.yaml.",
    ),
    41004: Text(
        "请求里缺少 AppSecret。请检查网关的密钥。", "The request lacks its AppSecret. Check the gateway's secret."
    ),
    42001: _TOKEN,
    43001: _bug("这个接口要用 GET。", "This call must be a GET."),
    43002: _bug("这个接口要用 POST。", "This call must be a POST."),
    43003: Text(
        "微信只收 HTTPS。请核对 gateway.yaml 里的 wechat.api_base。",
        "WeChat takes HTTPS only. Check wechat.api_base in gateway.yaml.",
    ),
    44002: _bug("请求是空的。", "The request is empty."),
    45009: Text(
        "这个接口今天的调用次数用完了，北京时间零点后恢复，网关会自己继续。",
        "The calls of this kind are used up for today. They are back at midnight in Beijing; the gateway goes on then.",
    ),
    45011: Text(
        "调用太频繁。网关会等到下一分钟，再放慢速度继续。",
        "The calls came too fast. The gateway waits for the next minute and goes on more slowly.",
    ),
    45035: Text(
        "这台网关的公网 IP 没有登记在 IP 白名单里。请在公众号后台加上。",
        "The public address of this gateway is not registered on the IP list. Add it in the account's console.",
    ),
    47001: _bug("请求不是微信能读的 JSON。", "The request is no JSON that WeChat can read."),
    48001: _RECALLED,
    48004: Text(
        "微信封禁了这个公众号的这个接口。请管理员在公众号后台看通知里的原因。",
        "WeChat has banned this account from this API. Its administrator finds the reason among the console's notices.",
    ),
    48006: Text(
        "本月的 10 次调用清零已用完，请等到下个月，或等北京时间零点次数恢复。",
        "The ten clearings of this month are used up. Wait for the next month, or for midnight in Beijing.",
    ),
    50002: _LIMITED,
    50004: _LIMITED,
    50007: _LIMITED,
    61003: _PLATFORM,
    61004: _PLATFORM,
    61007: _PLATFORM,
    61024: Text(
        "这个公众号由第三方平台管理，不能直接取 access_token。请向平台取得授权，或解除授权后再用。",
        "This account is run by a third-party platform, and gives no token to others. Ask the platform, or end its "
        "authorisation.",
    ),
    **dict.fromkeys(range(89501, 89506), _CONFIRM_IP),
    89506: Text(
        "公众号管理员拒绝了这台网关的 IP，24 小时内不能再申请。请与管理员确认后等一天，网关会自己再试。",
        "The account's administrator refused the address of this gateway; it may ask again in 24 hours. Talk to the "
        "administrator: the gateway tries again by itself.",
    ),
    89507: Text(
        "公众号管理员拒绝了这台网关的 IP，1 小时内不能再申请。请与管理员确认，网关会自己再试。",
        "The account's administrator refused the address of this gateway; it may ask again in an hour. Talk to the "
        "administrator: the gateway tries again by itself.",
    ),
    # Shake Nearby
    9001001: _bug("请求参数不对。", "The parameters of the request are wrong."),
    9001002: _passing("微信的摇一摇周边服务没有回应。", "WeChat's Shake Nearby does not respond."),
    9001003: Text(
        "ticket 无效或已过 30 分钟。请顾客再摇一次。",
        "The ticket is invalid, or older than 30 minutes. The customer has to shake again.",
    ),
    9001004: _passing("微信查不到摇一摇的用户。", "WeChat cannot find the customer who shook."),
    9001005: _passing(
        "微信查不到商户信息。如果一直这样，请确认公众号已开通摇一摇周边。",
        "WeChat cannot find the merchant. If this lasts, make sure that Shake Nearby is open for the account.",
    ),
    9001006: _passing("微信查不到用户的 openid。", "WeChat cannot find the customer's openid."),
    9001007: _bug("上传时没有文件。", "The upload had no file."),
    9001008: Text(
        "微信不收这种图片。请用 jpg、jpeg、png 或 gif。",
        "WeChat does not take this kind of picture. Use jpg, jpeg, png or gif.",
    ),
    9001009: Text(
        "图标尺寸不对。请用正方形图片，不超过 200×200，建议 120×120。",
        "The icon's size is wrong. Use a square picture of at most 200×200, better 120×120.",
    ),
    9001010: _passing("图片上传失败。", "The picture could not be uploaded."),
    9001020: _RECALLED,
    9001021: Text(
        "已有设备激活不到一半，不能申请新设备。请先让更多设备被摇到。",
        "Fewer than half of the devices are activated, so there are no new ones. Have more of them shaken first.",
    ),
    9001022: Text("申请数量要大于 0。请改正数量。", "The number of devices must be above 0. Correct it."),
    9001023: Text(
        "已有一批设备申请在审核中。请等它审完，不要重复申请。",
        "Another application for devices is under review. Wait for its end, and do not apply again.",
    ),
    9001024: _bug("一次查询的设备超过 50 个。", "More than 50 devices were asked for at once."),
    9001025: Text(
        "微信里没有这个设备。请核对 uuid、major、minor，它必须是这个公众号申请的。",
        "WeChat does not know this device. Check uuid, major and minor: it must have been allocated to this account.",
    ),
    9001026: Text(
        "微信里没有这个页面，可能在后台被删除了。网关的页面会重新建立；后台建的请核对 wechat_page_id。",
        "WeChat does not know this page; it may have been deleted in the console. The gateway makes its own pages "
        "anew; for others check wechat_page_id.",
    ),
    9001027: Text(
        "页面内容不对。请检查标题（6 个汉字以内）、描述（7 个汉字以内）、链接和图标。",
        "The page is not as WeChat wants it. Check title (12 letters or 6 汉字), description (14 or 7), "
        "address and icon.",
    ),
    9001028: _bug("一次删除的页面超过 10 个。", "More than 10 pages were to be deleted at once."),
    9001029: Text(
        "页面还绑定在设备上，不能删除。请先解除绑定。",
        "The page is still shown by a device and cannot be deleted. Unbind it first.",
    ),
    9001030: _bug("一次查询的页面超过 50 个。", "More than 50 pages were asked for at once."),
    9001031: Text(
        "日期不对。请查最近 90 天以内、到昨天为止的日子；昨天的要等早上 8 点以后。",
        "The dates are wrong. Ask for the last 90 days, up to yesterday, whose figures come after 8 in the morning.",
    ),
    9001032: _bug("绑定参数不对。", "The parameters of the binding are wrong."),
    9001033: Text(
        "门店 ID 不对。请在公众号后台核对。", "The store's id (poi_id) is wrong. Check it in the account's console."
    ),
    9001034: Text(
        "设备备注太长。请不要超过 15 个汉字。", "The device's comment is too long. Use at most 30 letters or 15 汉字."
    ),
    9001035: Text(
        "设备申请的内容不对。请检查数量、理由（100 个汉字以内）和备注。",
        "The application for devices is not as WeChat wants it. Check number, reason (200 letters) and comment.",
    ),
    9001036: _bug("begin 不对。", "The `begin` of a list is wrong."),
    9001037: Text(
        "一个设备最多绑定 30 个页面。请在楼层文件里减少它的 pages，或在后台解除别的绑定。",
        "A device can show 30 pages at most. Take some from its pages in the floor file, or unbind others in the "
        "console.",
    ),
    9001038: Text(
        "设备总数超过公众号的上限。请减少申请数量，或联系腾讯提高上限。",
        "The account would have more devices than it may. Apply for fewer, or ask Tencent for more.",
    ),
    9001039: Text(
        "联系人姓名不对（20 个汉字以内）。请改正。", "The contact's name is wrong (40 letters at most). Correct it."
    ),
    9001040: Text("联系电话不对。请改正。", "The contact's phone number is wrong. Correct it."),
    9001041: Text("联系邮箱不对。请改正。", "The contact's e-mail address is wrong. Correct it."),
    9001042: Text(
        "行业代码不对。请按微信的行业表选一个。", "The industry code is wrong. Choose one from WeChat's table."
    ),
    9001043: Text(
        "资质文件的链接不是微信上传接口给的。请重新上传。",
        "The certificate's address was not given out by WeChat's upload. Upload it again.",
    ),
    9001044: Text("缺少资质文件。请上传后再申请。", "A certificate is missing. Upload it and apply again."),
    9001045: Text(
        "申请理由太长。请不要超过 250 个汉字。", "The reason is too long. Use at most 500 letters or 250 汉字."
    ),
    9001046: Text(
        "公众号没有认证。请先在公众号后台完成认证。", "The account is not verified. Have it verified (认证) first."
    ),
    9001047: Text("没有这个申请批次。请核对批次 ID。", "There is no such application. Check its number."),
    9001048: Text(
        "摇一摇周边的申请在审核中，或已经通过。请查看审核状态，不要重复申请。",
        "The application for Shake Nearby is under review, or approved already. Look at its state, and do not "
        "apply again.",
    ),
    9001049: _passing("微信读不到分组信息。", "WeChat cannot read the group."),
    9001050: Text(
        "分组数量到上限了。请先删除不用的分组。", "There are as many groups as there may be. Delete one first."
    ),
    9001051: Text(
        "分组里的设备会超过 10000 个。请分成几个组。", "The group would hold more than 10,000 devices. Make several."
    ),
    9001052: _bug("一次加入分组的设备超过 1000 个。", "More than 1,000 devices were put into a group at once."),
    9001053: _bug("一次移出分组的设备超过 1000 个。", "More than 1,000 devices were taken out of a group at once."),
    9001054: Text(
        "分组里还有设备，不能删除。请先移出设备。", "The group still holds devices. Take them out before deleting it."
    ),
    9001055: Text(
        "分组名太长。请不要超过 100 个汉字。", "The group's name is too long. Use at most 200 letters or 100 汉字."
    ),
    9001056: Text(
        "名单里有不在这个分组的设备。请重新读取分组再试。",
        "The list names a device that is not in the group. Read the group again and retry.",
    ),
    9001057: _passing("分组操作失败。", "The group could not be changed."),
    9001058: Text("没有这个分组。请核对分组 ID。", "There is no such group. Check its id."),
    # Red packets, which the gateway does not use
    9001059: _RED_PACKET_CALL,
    **dict.fromkeys(
        (9001060, 9001061, 9001062, 9001069, 9001070, 9001071, 9001074, 9001076, 9001078), _RED_PACKET_FAILED
    ),
    **dict.fromkeys((9001063, 9001064, 9001065, 9001066, 9001067, 9001068), _RED_PACKET),
    **dict.fromkeys((9001072, 9001073, 9001075, 9001077, 9001079, 9001090, 9001091), _RED_PACKET_CALL),
}

WECHAT: Final[Mapping[str, Text]] = {
    "wechat.address-to-add": Text(
        "这台网关的公网 IP {address} 不在公众号的 IP 白名单里。"
        "请在公众号后台“设置与开发→安全中心”把 {address} 加上；十分钟内网关会自己再试。",
        "The public address of this gateway, {address}, is not on the account's IP list. Add {address} in the "
        "account's console; the gateway tries again within ten minutes.",
    ),
    "wechat.unknown-code": Text(
        "微信返回了不认识的错误 {code}。请在公众号后台查看账号状态；没有异常，就把这一行报给开发者。",
        "WeChat answered with an error that is unknown here, {code}. Look at the account in its console; if all is "
        "well there, please report this line.",
    ),
    "wechat.proxy": Text(
        "环境变量里设置的代理用不了，只支持 http://主机:端口。请改正后重启服务（sudo systemctl edit beacon-gateway）。",
        "The environment names a proxy that cannot be used; it must be http://HOST:PORT. Correct it and restart the "
        "service (sudo systemctl edit beacon-gateway).",
    ),
    "wechat.no-secret": Text(
        "没有可用的 AppSecret。由 systemd 启动的，请把它写进 /etc/beacon-gateway/wechat-secret，再重启："
        "sudo systemctl restart beacon-gateway；放在别的文件里的，写好以后网关会自己读到，不用重启。",
        "There is no AppSecret that can be used. Where systemd starts the gateway, write it into "
        "/etc/beacon-gateway/wechat-secret and run: sudo systemctl restart beacon-gateway. From any other file it is "
        "read as soon as it is there, without a restart.",
    ),
    "wechat.secret-slow": Text(
        "放 AppSecret 的地方没有响应。请检查服务器、网络或存储卡；网关会自己再试。",
        "The place of the account's secret does not answer. See to the server, the network or the card; the gateway "
        "tries again by itself.",
    ),
    "wechat.listing-short": Text(
        "微信列出的页面或绑定比已知的少得多，不可信，所以什么也没有写。过几分钟再试；如果确实有人清空了公众号："
        "apply --force --reason “原因”。 [{reason}]",
        "WeChat lists far fewer pages or bindings than are known to be there, so it is not believed and nothing was "
        "written. Try again in some minutes; if somebody did empty the account: apply --force --reason “why”. "
        "[{reason}]",
    ),
    "wechat.other-account": Text(
        "状态文件夹里的账本（ledger.db）属于另一个公众号，里面的页面编号在这个公众号是别的页面，所以没有写入任何改动。"
        "如果 gateway.yaml 写错了，请改回来；如果确实换了公众号，请停下服务，把状态文件夹里的 ledger.db、"
        "ledger.db-wal、ledger.db-shm 移到别处，再启动。",
        "The ledger in the state folder (ledger.db) is of another account: its page numbers mean other pages there, so "
        "nothing was written. If gateway.yaml is wrong, correct it. If the account really changed, stop the service, "
        "move ledger.db, ledger.db-wal and ledger.db-shm out of the state folder, and start it again.",
    ),
    "wechat.parked": Text(
        "{path} 今天的调用次数用完了，北京时间 {until} 恢复，网关会自己继续。",
        "The calls of {path} are used up for today. They are back at {until}, Beijing time; the gateway goes on then.",
    ),
}
