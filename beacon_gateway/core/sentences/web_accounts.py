"""Accounts of the web pages: their file, and the command that writes it."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

WEB_ACCOUNTS: Final[Mapping[str, Text]] = {
    # Faulty lines
    "web-accounts.fields": Text(
        "一行应是四项，用空格隔开：名字、级别、楼层（没有写 -）、密码的哈希。请用 beacon-gateway password 来改",
        "a line holds four things with blanks between them: name, rank, floors (or -), hash. Let beacon-gateway "
        "password write it",
    ),
    "web-accounts.name": Text(
        "名字只能用字母、汉字、数字和 . _ @ + -，最长 40 个字符",
        "a name has letters, digits and . _ @ + - only, at most 40",
    ),
    "web-accounts.rank": Text("级别只能是 viewer、staff 或 it", "a rank is viewer, staff or it"),
    "web-accounts.floors": Text("楼层应像 F6,F7，没有就写 -", "floors look like F6,F7, or - for none"),
    "web-accounts.hash": Text(
        "密码的哈希不对。请重新设密码：sudo beacon-gateway password 名字",
        "that is no hash of a password. Set it anew: sudo beacon-gateway password NAME",
    ),
    "web-accounts.character": Text(
        "这一行有看不见的字符。用 sudo beacon-gateway password --list 可以查看是哪个字符",
        "a character in it cannot be seen; sudo beacon-gateway password --list names it",
    ),
    "web-accounts.character-named": Text(
        "这一行有看不见的字符 {code}（{chinese}）。请删掉它，必要时把这一行重新打一遍",
        "{code} {name} stands in it, which cannot be seen. Delete it; if need be, type the line anew",
    ),
    "web-accounts.utf-16": Text(
        "文件是 UTF-16 编码（旧版记事本叫 “Unicode”）。请另存为 UTF-8",
        "the file is UTF-16, which Notepad may call Unicode. Save it again as UTF-8",
    ),
    "web-accounts.twice": Text("这个名字前面已经有了", "that name stands above already"),
    "web-accounts.too-many": Text("账号太多，最多 200 个", "there are too many accounts; at most 200 count"),
    "web-accounts.too-big": Text("文件太大，最多 64 KB", "the file is too large; at most 64 KB are read"),
    "web-accounts.unreadable": Text("文件读不了", "the file cannot be read"),
    "web-accounts.permission": Text("没有权限读取这个文件", "the gateway may not read the file"),
    "web-accounts.not-regular": Text(
        "这不是普通文件，而是文件夹、管道或设备", "this is no file but a folder, a pipe or a device"
    ),
    "web-accounts.dangling": Text("这个链接指向的文件不存在", "this is a link to a file that is not there"),
    "web-accounts.loop": Text("这是一个指向自己的链接", "this is a link that leads back to itself"),
    "web-accounts.away": Text(
        "存放文件的服务器或共享文件夹没有响应", "the server or share that holds the file does not answer"
    ),
    "web-accounts.broken": Text("存储卡、硬盘或共享文件夹出错", "the card, disk or share reports an error"),
    "web-accounts.no-answer": Text("文件一直没有响应", "the file does not answer"),
    "web-accounts.gone": Text("文件不见了", "the file is gone"),
    "web-accounts.nobody": Text("里面没有账号", "there is no account in it"),
    # The start of the daemon
    "web-accounts.empty": Text(
        "{path} 里没有账号，所以谁也不能打开网页。请建一个：sudo beacon-gateway password 名字 --rank it；"
        "如果不需要账号，请删除这个文件，再重启服务。",
        "There is no account in {path}, so nobody can open the pages. Make one: sudo beacon-gateway password NAME "
        "--rank it. If accounts are not wanted, delete the file and restart the service.",
    ),
    "web-accounts.none": Text(
        "web.listen 是 {address}，别的电脑也能连到，可是还没有能用的账号（{path}），所以没有启动。请先建一个："
        "sudo beacon-gateway password 名字 --rank it；不需要让别人看的话，把 web.listen 改成 127.0.0.1:8080。",
        "web.listen is {address}, which others can reach, and there is no account that can be used ({path}): the "
        "gateway does not start like this. Make one: sudo beacon-gateway password NAME --rank it. Or, if nobody else "
        "is to look, write web.listen: 127.0.0.1:8080.",
    ),
    "web-accounts.faulty-line": Text("{path}，第 {line} 行：{fault}。", "{path}, line {line}: {fault}."),
    "web-accounts.faulty": Text("{path}：{fault}。", "{path}: {fault}."),
    # The command
    "password.ask": Text(
        "{name} 的新密码（不会显示，至少 {least} 个字符）：",
        "New password of {name} (unseen, {least} characters at least): ",
    ),
    "password.ask-again": Text("请再输一遍：", "Once more: "),
    "password.differ": Text("两次输入的不一样，请重来。", "These two are not the same. Again, please."),
    "password.short": Text(
        "太短了：至少 10 个字符，可以是一句话。", "Too short: at least 10 characters; a short sentence will do."
    ),
    "password.long": Text("太长了：最多 200 个字符。", "Too long: at most 200 characters."),
    "password.control": Text(
        "里面有看不见的字符，请换一个。", "There are characters in it that cannot be seen. Take another one."
    ),
    "password.easy": Text("太好猜了，请换一个。", "That is guessed too easily. Take another one."),
    "password.not-text": Text("这不是 UTF-8 的文字。", "That is no text in UTF-8."),
    "password.gave-up": Text("密码没有改。", "The password was not changed."),
    "password.bad-name": Text(
        "“{name}” 不能做账号的名字：只能用字母、汉字、数字和 . _ @ + -，最长 40 个字符。",
        "“{name}” cannot be an account's name: letters, digits and . _ @ + - only, at most 40.",
    ),
    "password.no-name": Text(
        "请写上账号的名字：beacon-gateway password 名字", "Say whose: beacon-gateway password NAME"
    ),
    "password.bad-floors": Text("“{floors}” 不是楼层，应像 F6,F7。", "“{floors}” are no floors such as F6,F7."),
    "password.needs-rank": Text(
        "{name} 是新账号，请写级别：--rank viewer（只看）、"
        "--rank staff --floors F6（还能改这些楼层的绑定）或 --rank it（全部）。",
        "{name} is new; say what it may do: --rank viewer (look), --rank staff --floors F6 (also change the pages of "
        "these floors) or --rank it (everything).",
    ),
    "password.needs-floors": Text(
        "staff 要写管哪些楼层：--floors F6,F7", "Say which floors a staff account is for: --floors F6,F7"
    ),
    "password.floors-for-staff": Text("--floors 只用于 --rank staff。", "--floors goes with --rank staff only."),
    "password.unknown-floors": Text(
        "提醒：门店文件里没有楼层 {floors}。", "Note: the store's files have no floor {floors}."
    ),
    "password.too-many": Text("账号已经有 200 个，不能再加。", "There are 200 accounts already, and no more can be."),
    "password.no-such": Text("没有账号 {name}。", "There is no account {name}."),
    "password.set": Text("{name} 可以登录了（{rank}）。", "{name} can log in now ({rank})."),
    "password.changed": Text(
        "{name} 的密码改好了；用旧密码登录的，几秒钟内都会退出。",
        "The password of {name} is changed; whoever is logged in with the old one is logged out within seconds.",
    ),
    "password.removed": Text(
        "账号 {name} 删掉了；正在登录的，几秒钟内会退出。",
        "The account {name} is removed; whoever is logged in with it is logged out within seconds.",
    ),
    "password.first": Text(
        "这是第一个账号。几秒钟以后，打开网页都要登录，在这台机器上也一样。如果网关因为没有账号而没启动，"
        "请重启：sudo systemctl restart beacon-gateway",
        "This is the first account. Within seconds people have to log in, on this machine too. If the gateway did not "
        "start for want of an account, restart it: sudo systemctl restart beacon-gateway",
    ),
    "password.last": Text(
        "现在一个账号也没有了，谁也打不开网页。如果不需要账号，请删除 {path}，再重启服务；"
        "这样只有本机地址（127.0.0.1）上的网页能看，别的地址上网关不会启动。",
        "There is no account left, so nobody can open the pages. If accounts are not wanted, delete {path} and restart "
        "the service: then pages at an address of this machine (127.0.0.1) ask for none, and with any other address "
        "the gateway does not start.",
    ),
    "password.none": Text("还没有账号。", "There are no accounts yet."),
    "password.not-written": Text("写不了 {path}：{reason}。", "{path} cannot be written: {reason}."),
}
