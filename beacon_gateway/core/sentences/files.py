"""What is wrong in the files that people write; the keys are the codes of problems."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PROBLEMS: Final[Mapping[str, Text]] = {
    # The file as a whole
    "file.missing": Text(
        "找不到文件。请创建它，或改正路径。", "There is no such file. Create it, or correct the path."
    ),
    "file.unreadable": Text("读不了这个文件，系统拒绝读取。", "This file cannot be read: {reason}."),
    "file.permission": Text(
        "没有权限读取这个文件。请让网关的用户（beacon-gateway）可以读取，例如用 chmod 加上 a+r 权限。",
        "The gateway may not read this file. Let its user, beacon-gateway, read it: sudo chmod a+r FILE.",
    ),
    "file.not-regular": Text(
        "这不是普通文件，而是文件夹、管道或设备，没有读取。请换成真正的文件，或者删除。",
        "This is no file but a folder, a pipe or a device, and was not read. Put a real file here, or remove it.",
    ),
    "file.not-a-folder": Text(
        "路径中有一段不是文件夹，找不到这个文件。请改正。", "A part of this path is no folder. Correct it."
    ),
    "file.away": Text(
        "读不了：存放文件的服务器或共享文件夹没有响应。请检查网络和服务器，恢复后会自动读取。",
        "The server or share that holds this file does not answer ({reason}). Check network and server; it is read as "
        "soon as it is back.",
    ),
    "file.broken": Text(
        "读取时出错：存储卡、硬盘或共享文件夹有问题。请检查；如果是存储卡或硬盘，请先备份再更换。",
        "The card, disk or share reports an error here ({reason}). Check it; save what you can from a card or disk, "
        "and replace it.",
    ),
    "file.slow": Text(
        "这个文件一直没有响应，没有读取。它在共享文件夹或 U 盘上吗？请检查服务器、网络和插口。",
        "This file has not answered, and was not read. Is it on a share or a stick? See to the server, the network or "
        "the plug.",
    ),
    "file.outside": Text(
        "这是指向 store/ 之外的链接，没有读取。请把真正的文件放到这里。",
        "This is a link that leads out of the store's folder; it is not followed. Put the file itself here.",
    ),
    "folder.unreadable": Text("列不出这个文件夹的内容，系统拒绝读取。", "This folder cannot be listed: {reason}."),
    "folder.permission": Text(
        "没有权限打开这个文件夹。请让网关的用户（beacon-gateway）可以读取，例如用 chmod 加上 a+rx 权限。",
        "The gateway may not look into this folder. Let its user, beacon-gateway, do so: sudo chmod a+rx FOLDER.",
    ),
    "folder.not-a-folder": Text(
        "这里应该是文件夹，却是别的东西。请把它移走，再建一个文件夹。",
        "This is no folder. Move it away, and make a folder in its place.",
    ),
    "folder.loop": Text(
        "这是一个指向自己的链接。请换成真正的文件夹。",
        "This is a link that leads back to itself. Put a real folder in its place.",
    ),
    "folder.outside": Text(
        "这是指向 store/ 之外的链接，没有打开。请把真正的文件夹放到这里；"
        "要整体放在别处，请改 gateway.yaml 里的 store。",
        "This is a link that leads out of the store's folder; it is not followed. Put the folder itself here; to keep "
        "the whole store elsewhere, set `store` in gateway.yaml.",
    ),
    "folder.away": Text(
        "打不开这个文件夹：服务器或共享文件夹没有响应。请检查网络和服务器，恢复后会自动读取。",
        "The server or share that holds this folder does not answer ({reason}). Check network and server; it is read "
        "as soon as it is back.",
    ),
    "folder.broken": Text(
        "打不开这个文件夹：存储卡、硬盘或共享文件夹有问题。请检查；如果是存储卡或硬盘，请先备份再更换。",
        "The card, disk or share reports an error for this folder ({reason}). Check it; save what you can from a card "
        "or disk, and replace it.",
    ),
    "folder.too-many": Text(
        "这个文件夹里的东西太多，没有读取。这真的是门店文件夹吗？请把不相干的文件移走。",
        "This folder holds more than any store's does, and was not read. Is it the right one? Move away what does not "
        "belong here.",
    ),
    "folder.slow": Text(
        "这个文件夹 {found} 秒没有响应，先使用上次正确的文件。请检查服务器和网络。",
        "This folder has not answered for {found} seconds; the files that were last right are in force. Check the "
        "server and the network.",
    ),
    "icon.unreadable": Text("读不了图标 “{found}”，系统拒绝读取。", "The icon “{found}” cannot be read: {reason}."),
    "icon.permission": Text(
        "没有权限读取图标 “{found}”。请让网关的用户（beacon-gateway）可以读取，例如用 chmod 加上 a+r 权限。",
        "The gateway may not read the icon “{found}”. Let its user, beacon-gateway, read it: sudo chmod a+r FILE.",
    ),
    "icon.not-regular": Text(
        "图标 “{found}” 不是图片文件，而是文件夹、管道或设备。请换成真正的图片。",
        "The icon “{found}” is no picture but a folder, a pipe or a device. Put a real picture in its place.",
    ),
    "icon.away": Text(
        "读不了图标 “{found}”：服务器或共享文件夹没有响应。请检查网络和服务器，恢复后会自动读取。",
        "The icon “{found}” cannot be read now: the server or share does not answer ({reason}). Check network and "
        "server; it is read as soon as it is back.",
    ),
    "icon.broken": Text(
        "读取图标 “{found}” 时出错：存储卡、硬盘或共享文件夹有问题。请换一个文件，并检查存储卡。",
        "The card, disk or share reports an error for the icon “{found}” ({reason}). Put the picture there anew, and "
        "check the card.",
    ),
    "icon.loop": Text(
        "图标 “{found}” 是一个指向自己的链接。请换成真正的图片。",
        "The icon “{found}” is a link that leads back to itself. Put a real picture in its place.",
    ),
    "file.not-read": Text(
        "不会读取 “{found}”，它的名称不对。如果它是门店文件，请改名为 “{near}”；否则请移到别处。",
        "“{found}” is not read, because of its name. If it belongs to the store, rename it to “{near}”; else move it "
        "elsewhere.",
    ),
    "file.unfinished": Text(
        "不会读取 “{found}”：它像是下载、同步或保存中断后留下的，而 “{near}” 不在。请重新下载或保存 “{near}”；"
        "如果这里面的内容完整，也可以直接改成这个名称；不需要就删除它。",
        "“{found}” is not read: it looks like what a download, a sync or a save that was cut off leaves, and “{near}” "
        "is not there. Download or save “{near}” again, or rename this one if it is whole; if it is not needed, "
        "delete it.",
    ),
    "file.copy": Text(
        "不会读取 “{found}”：它像是 “{near}” 的副本（同步冲突或复制时产生）。请核对两者，保留 “{near}”，删除副本。",
        "“{found}” is not read: it looks like a copy of “{near}” that a sync client or somebody left. Compare them, "
        "keep “{near}” and delete the copy.",
    ),
    "file.in-a-folder": Text(
        "不会读取 “{found}”：楼层文件要直接放在 floors/ 里。请把它移上来，命名为 “{near}”；存档请放到 store/ 之外。",
        "“{found}” is not read: floors' files lie in floors/ itself. Move it up as “{near}”; keep archives outside of "
        "store/.",
    ),
    "file.misplaced": Text(
        "不会读取 “{found}”：楼层文件要放在 floors/ 里。请移到 “{near}”。",
        "“{found}” is not read here: floors' files lie in floors/. Move it to “{near}”.",
    ),
    "file.loop": Text(
        "这是一个指向自己的链接。请换成真正的文件。",
        "This is a link that leads back to itself. Put a real file in its place.",
    ),
    "file.too-big": Text(
        "文件有 {found} 字节，最多 {limit} 字节。这真的是配置文件吗？",
        "The file has {found} bytes, at most {limit} are read. Is it really a configuration file?",
    ),
    "file.encoding": Text(
        "文件不是 UTF-8 编码（可能是 GBK）。请另存为 UTF-8。",
        "The file is not UTF-8 (perhaps GBK). Save it again as UTF-8.",
    ),
    "file.utf-16": Text(
        "文件是 UTF-16 或 UTF-32 编码（旧版记事本叫 “Unicode”）。请另存为，编码选 UTF-8。",
        "The file is UTF-16 or UTF-32, which Notepad may call Unicode. Save it again as UTF-8.",
    ),
    "file.line-ends": Text(
        "文件的换行是老式 Mac 的 CR。请在编辑器里把换行改成 LF，再保存。",
        "The lines of this file end with CR, as on very old Macs. Have the editor save it with LF.",
    ),
    "file.empty": Text(
        "文件是空的。若要停用，请删除文件；否则请写上内容。",
        "The file is empty. Delete it if it is not needed, else fill it in.",
    ),
    "floors.none": Text(
        "floors/ 里没有楼层文件。至少需要一个，例如 floors/F1.yaml。",
        "There is no floor file in floors/. At least one is needed, for example floors/F1.yaml.",
    ),
    "floors.too-many": Text(
        "floors/ 里有 {found} 个文件，最多 {limit} 个。", "floors/ holds {found} files, at most {limit} are read."
    ),
    # Characters
    "character.unseen": Text(
        "“{found}” 里有看不见的字符 {code}（{chinese}）。请删掉它，必要时把这几个字重新打一遍。",
        "“{found}” holds {code} {name}, which cannot be seen. Delete it; if need be, type these words anew.",
    ),
    "character.blank": Text(
        "“{found}” 里有 {code}（{chinese}），看起来像空格。请换成普通的半角空格，或者删掉。",
        "“{found}” holds {code} {name}, which looks like a blank. Put an ordinary blank in its place, or nothing.",
    ),
    "character.line": Text(
        "“{found}” 里有 {code}（{chinese}）。YAML 会在这里换行，编辑器却不显示。请删掉它，或者换成真正的换行。",
        "“{found}” holds {code} {name}. For YAML a line ends there, "
        "for an editor it does not. Delete it, or begin a new line.",
    ),
    "character.control": Text(
        "“{found}” 里有控制字符 {code}。请删掉它。",
        "“{found}” holds the control character {code} {name}. Delete it.",
    ),
    "character.none": Text(
        "“{found}” 里的 {code}（{chinese}）不是能显示的文字，手机上会是方框或空白。请删掉它，把这里重新打一遍。",
        "“{found}” holds {code} {name}, which phones show as a box or not at all. Delete it, and type this anew.",
    ),
    "character.digit": Text(
        "这里的 “{found}”（{code}，{chinese}）请用英文输入法打成 “{near}”。",
        "“{found}” ({code} {name}) stands where “{near}” is needed: type it with the keyboard in English.",
    ),
    "character.in-address": Text(
        "网址里的 “{found}”（{code}）是全角或排版符号。如果是粘贴时带上的，请删掉；需要它的话，"
        "请用英文输入法打成 “{near}”；网址里真的有这个字符，请写成 {encoded}。",
        "The address holds “{found}” ({code} {name}). If it came along with what was pasted, delete it; else type "
        "“{near}” with the keyboard in English. If the address really has this character, write {encoded}.",
    ),
    "character.host": Text(
        "网址的域名里有 “{found}”（{code}，{chinese}），域名里不能有它，或者它只是看起来像英文字母。"
        "请用英文输入法把域名重新打一遍；确实是这样的域名，请写成 xn-- 开头的形式。",
        "The address has “{found}” ({code} {name}) in its host name, where it cannot stand or passes for another "
        "letter. Type the host name anew with the keyboard in English, or write what it is in its xn-- form.",
    ),
    "character.full-width": Text(
        "这里的 “{found}”（{code}）是全角或排版符号，请用英文输入法打成 “{near}”。",
        "“{found}” ({code} {name}) stands where “{near}” is needed: type it with the keyboard in English.",
    ),
    "character.full-width-colon": Text(
        "这里的 “{found}”（{code}）是全角或排版符号，请用英文输入法打成 “{near}”，后面空一格。",
        "“{found}” ({code} {name}) stands where “{near}” is needed: type it with the keyboard in English, and a blank "
        "after it.",
    ),
    "near.alike": Text(
        "这两个看起来一样，但前一个里的 “{character}” 是 {code}（{chinese}）。",
        "They look alike, but the “{character}” in the first one is {code} {name}.",
    ),
    # YAML
    "yaml.syntax": Text(
        "从 “{found}” 起读不懂。请检查这一行和上一行：冒号要用英文的 “:” 且后面空一格，引号和括号要成对，"
        "缩进要对齐；文件也可能没有写完。",
        "This cannot be read from “{found}” on ({reason}). Check this line and the one above: a blank after each "
        "colon, quotes and brackets in pairs, even indentation; perhaps the file was cut off.",
    ),
    "yaml.tab": Text(
        "这里有制表符（Tab）。YAML 只能用空格缩进，请换成空格。",
        "There is a tab here. YAML is indented with blanks only: replace it.",
    ),
    "yaml.alias": Text(
        "这里用了锚点或引用（& 和 *）。请把内容直接写出来。",
        "An anchor is referred to here (& and *). Write the content out.",
    ),
    "yaml.tag": Text("不能用标签 {found}。请删掉它。", "The tag {found} is not allowed. Delete it."),
    "yaml.deep": Text("嵌套太深，最多 {limit} 层。", "Nested too deeply, at most {limit} levels."),
    "yaml.documents": Text(
        "一个文件里只能有一份内容，请删掉 “---” 以及后面的部分。",
        "A file holds one document: delete the “---” and what follows.",
    ),
    # Keys
    "key.unknown": Text("不认识 “{found}”。这里可以写：{known}。", "“{found}” is not known here. Known are: {known}."),
    "key.unknown-near": Text(
        "不认识 “{found}”，是不是 “{near}”？", "“{found}” is not known here. Did you mean “{near}”?"
    ),
    "key.twice": Text(
        "“{found}” 写了两次，第一次在第 {first} 行。请只留一个。",
        "“{found}” stands here twice, first in line {first}. Keep one of them.",
    ),
    "key.missing": Text("缺少 “{found}”。请补上。", "“{found}” is missing. Add it."),
    # Values
    "value.map": Text(
        "这里应该是 “名称: 值” 的形式，却是 {found}。", "Expected lines of the form “key: value”, found {found}."
    ),
    "value.list": Text(
        "这里应该是列表，例如 [spring-sale]，却是 {found}。", "Expected a list such as [spring-sale], found {found}."
    ),
    "value.text": Text("这里应该是一段文字，却是 {found}。", "Expected a text, found {found}."),
    "value.empty": Text("这里不能空着。", "This must not be left empty."),
    "value.whole": Text(
        "这里应该是 {low} 到 {high} 的整数（不加引号），却是 “{found}”。",
        "Expected a whole number from {low} to {high} (without quotes), found “{found}”.",
    ),
    "value.whole-near": Text(
        "这里应该是 {low} 到 {high} 的整数，不带单位和引号，却是 “{found}”。是不是 {near}？",
        "Expected a whole number from {low} to {high}, without unit or quotes, found “{found}”. Did you mean {near}?",
    ),
    "value.leading-zero": Text(
        "“{found}” 以 0 开头，有的程序会当成八进制。请写成 {near}。",
        "“{found}” begins with 0, which some programs read as octal. Write {near}.",
    ),
    "value.share": Text(
        "这里应该是 0 到 1 的小数，例如 0.3，却是 “{found}”。",
        "Expected a share from 0 to 1 such as 0.3, found “{found}”.",
    ),
    "value.flag": Text("这里只能写 true 或 false，却是 “{found}”。", "Expected true or false, found “{found}”."),
    "value.choice": Text("“{found}” 不行，可以写：{known}。", "“{found}” is not possible here. Possible are: {known}."),
    "value.choice-near": Text(
        "“{found}” 不行，是不是 “{near}”？", "“{found}” is not possible here. Did you mean “{near}”?"
    ),
    "value.slug": Text(
        "“{found}” 不能作为名称：只能用小写字母、数字和连字符，例如 escalator-north，最长 {limit} 个字符。",
        "“{found}” cannot be a name: small letters, digits and hyphens, such as escalator-north, at most {limit} long.",
    ),
    "value.name": Text(
        "“{found}” 不能作为名称：只能用字母、数字、点、连字符和下划线，最长 {limit} 个字符。",
        "“{found}” cannot be a name: letters, digits, dots, hyphens and underscores, at most {limit} long.",
    ),
    "value.uuid": Text(
        "“{found}” 不是 UUID，应像 FDA50693-A4E2-4FB1-AFCF-C6EB07647825。",
        "“{found}” is not a UUID such as FDA50693-A4E2-4FB1-AFCF-C6EB07647825.",
    ),
    "value.url": Text(
        "“{found}” 不是网址：应以 https:// 开头，中间没有空格，最长 {limit} 个字符。",
        "“{found}” is not an address: it begins with https://, has no blanks, and is at most {limit} characters long.",
    ),
    "value.url-port": Text(
        "网址里的端口 “{found}” 不对：应是 1 到 65535。请改正，或者连同前面的冒号一起删掉。",
        "The address has the port “{found}”: ports go from 1 to 65535. Correct it, or delete it with its colon.",
    ),
    "value.url-twice": Text(
        "网址开头写了两遍：“{found}”。请删掉多余的一个。",
        "The address begins twice: “{found}”. Delete one of them.",
    ),
    "value.url-host": Text(
        "网址里的域名 “{found}” 不对，应像 h5.example.com：每两个点之间都要有字，最长 63 个字符；"
        "IP 地址应像 192.0.2.7 或 [2001:db8::7]。",
        "“{found}” is no host of an address: it looks like h5.example.com, with 1 to 63 characters between two dots, "
        "or like 192.0.2.7 or [2001:db8::7].",
    ),
    "value.api-base": Text(
        "“{found}” 不行：应以 https:// 开头，密钥不能明文传输；只有本机的模拟器可以用 http://127.0.0.1。",
        "“{found}” is not possible: begin with https://, since the secret must not travel in clear; only an emulator "
        "on this machine may be http://127.0.0.1.",
    ),
    "value.time": Text(
        "“{found}” 不是时间，应像 2026-11-24 10:00。", "“{found}” is not a time such as 2026-11-24 10:00."
    ),
    "value.time-near": Text(
        "“{found}” 的写法不对。请写成 {near}。", "“{found}” is not how a time is written here. Write {near}."
    ),
    "value.time-24": Text(
        "“{found}” 已经是第二天了：一天到 23:59 为止。请写成 {near}。",
        "“{found}” is on the next day: a day goes from 00:00 to 23:59. Write {near}.",
    ),
    "value.time-no-day": Text(
        "“{found}” 没有日期。请写上日期，例如 2026-11-24 10:00；每天都一样的页面写在 pages 里。",
        "“{found}” has no day. Write one before it, such as 2026-11-24 10:00; what is so every day stands in `pages`.",
    ),
    "value.time-no-hour": Text(
        "“{found}” 没有几点几分。请写成 {near}，或别的时间。",
        "“{found}” has no time of the day. Write {near}, or another time.",
    ),
    "value.time-no-such-day": Text(
        "没有 “{found}” 这一天。请检查月份和日期。", "There is no such day as “{found}”. Check month and day."
    ),
    "value.time-year": Text(
        "“{found}” 的年份应在 {first} 到 {last} 之间。要一直显示的页面，写在信标的 pages 里，不用排期。",
        "The year of “{found}” must be from {first} to {last}. A page that is to stay for good belongs in the beacon's "
        "pages, not in its schedule.",
    ),
    "value.time-zone": Text(
        "“{found}” 里有时区。这里都是门店所在地的时间，请写成 {near}，并核对几点。",
        "“{found}” names a time zone. All times here are the store's: write {near}, if that is the store's time.",
    ),
    "value.duration": Text(
        "“{found}” 不是时长，应像 5s、15m、12h 或 90d。", "“{found}” is not a duration such as 5s, 15m, 12h or 90d."
    ),
    "value.timeout": Text(
        "“{found}” 不能作为信标的超时时间，应在 30s 到 24h 之间，例如 90s、10m 或 2h。",
        "“{found}” cannot be a beacon's time-out: write 30s to 24h, such as 90s, 10m or 2h.",
    ),
    "value.timezone": Text(
        "没有时区 “{found}”，应像 Asia/Shanghai。", "There is no time zone “{found}”; they look like Asia/Shanghai."
    ),
    "value.timezone-near": Text(
        "没有时区 “{found}”，是不是 “{near}”？", "There is no time zone “{found}”. Did you mean “{near}”?"
    ),
    "value.timezone-sign": Text(
        "“{found}” 的正负号是反的，它表示 {means}。请写 {near}。",
        "“{found}” means {means}: in these names the sign is the other way round. Write {near}.",
    ),
    "value.adapter": Text(
        "“{found}” 不是适配器地址，应像 B8:27:EB:12:34:56 或 auto；hci0 这样的编号会变。",
        "“{found}” is not an adapter's address such as B8:27:EB:12:34:56, nor auto. Numbers such as hci0 move.",
    ),
    "value.listen": Text(
        "“{found}” 不是地址和端口，应像 127.0.0.1:8090。",
        "“{found}” is no address and port such as 127.0.0.1:8090.",
    ),
    "value.listen-or-off": Text(
        "“{found}” 不是地址和端口，应像 127.0.0.1:8080（只有本机）、0.0.0.0:8080（所有网卡）或 off（不开）。",
        "“{found}” is no address and port such as 127.0.0.1:8080 (this machine only) or 0.0.0.0:8080 (all networks), "
        "nor off.",
    ),
    "value.host-name": Text(
        "“{found}” 不是主机名，应像 gateway.store.lan：不写 http://，也不写端口。",
        "“{found}” is no host name such as gateway.store.lan: without http:// and without a port.",
    ),
    "value.long-list": Text("这里最多 {limit} 项，却有 {found} 项。", "At most {limit} can stand here, not {found}."),
    "value.path": Text("“{found}” 不是路径，应像 /wechat/events。", "“{found}” is no path such as /wechat/events."),
    "value.appid": Text(
        "“{found}” 不是公众号的 AppID，应像 wx0123456789abcdef。",
        "“{found}” is not an official account's AppID such as wx0123456789abcdef.",
    ),
    "value.width": Text(
        "“{found}” 太长：宽 {width}，最多 {limit}（{han} 个汉字或 {limit} 个字母）。",
        "“{found}” is too long: {width} wide, at most {limit} ({han} 汉字 or {limit} letters).",
    ),
    "value.blank": Text(
        "这里只有空格，什么也看不到。请写上文字。",
        "There is nothing but blanks here. Write something that can be seen.",
    ),
    "value.control": Text(
        "“{found}” 里有换行或控制字符。请写成一行。",
        "“{found}” holds a line end or a control character. Write it in one line.",
    ),
    "value.long": Text("太长了：{width} 个字符，最多 {limit} 个。", "Too long: {width} characters, at most {limit}."),
    # What does not fit together
    "page.unknown": Text(
        "pages.yaml 里没有页面 “{found}”。请先在那里加上它。",
        "There is no page “{found}” in pages.yaml. Add it there first.",
    ),
    "page.unknown-near": Text(
        "没有页面 “{found}”，是不是 “{near}”？", "There is no page “{found}”. Did you mean “{near}”?"
    ),
    "page.both": Text(
        "写了 wechat_page_id 的页面只能绑定，不能再写 “{found}”。",
        "A page with a wechat_page_id is only bound; “{found}” cannot be set for it.",
    ),
    "icon.missing": Text(
        "找不到图标 “{found}”。请把图片放到 icons/ 里。", "There is no icon “{found}”. Put the picture into icons/."
    ),
    "icon.missing-near": Text(
        "找不到图标 “{found}”，是不是 “{near}”？大小写、斜杠和扩展名都要一致。",
        "There is no icon “{found}”. Did you mean “{near}”? Capitals, slashes and endings must agree.",
    ),
    "icon.missing-lookalike": Text(
        "找不到图标 “{found}”：“{near}” 看起来一样，但里面的字符不同（苹果电脑会这样存文件名）。"
        "请把图片改成只含英文字母和数字的名称，再写到这里。",
        "There is no icon “{found}”: “{near}” looks the same but is made of other characters, as Macs do it. Give the "
        "picture a name of plain letters and digits, and write that here.",
    ),
    "icon.outside": Text(
        "图标 “{found}” 不在门店文件夹里。请把图片放到 icons/ 里。",
        "The icon “{found}” is not in the store's folder. Put the picture into icons/.",
    ),
    "icon.outside-near": Text(
        "图标 “{found}” 不在门店文件夹里，是不是 “{near}”？路径从 store/ 写起，用 / 分隔。",
        "The icon “{found}” is not in the store's folder. Did you mean “{near}”? Paths begin in store/.",
    ),
    "icon.empty": Text(
        "图标 “{found}” 是空文件（0 字节），可能没有复制完。请重新放入图片。",
        "The icon “{found}” is an empty file (0 bytes); perhaps a copy was broken off. Put the picture there again.",
    ),
    "icon.too-big": Text(
        "图标 “{name}” 有 {found} 字节，最多 {limit} 字节。请缩小成 120×120 的图片再放入。",
        "The icon “{name}” has {found} bytes; at most {limit} can be sent. Scale the picture down to 120×120.",
    ),
    "icon.format": Text(
        "图标 “{name}” 的内容是 {found}，微信只接受 png、jpg 和 gif。只改扩展名没有用：请用看图软件另存为 png。",
        "The icon “{name}” is really a file of this kind: {found}. WeChat takes png, jpg and gif. A new name does not "
        "help: save it as png with a picture editor.",
    ),
    "icon.no-image": Text(
        "图标 “{found}” 的内容不是图片。微信只接受 png、jpg 和 gif：请换成真正的图片。",
        "The icon “{found}” does not hold a picture. WeChat takes png, jpg and gif: put a real picture there.",
    ),
    "icon.cut-off": Text(
        "图标 “{found}” 不完整，后面少了一段，可能还在复制或者没有复制完。请重新放入图片。",
        "The icon “{found}” is cut off: its end is missing. Perhaps it is still being copied, or a copy was broken "
        "off. Put the picture there again.",
    ),
    "icon.damaged": Text(
        "图标 “{found}” 已损坏，打不开。请重新放入图片，或用看图软件另存一次。",
        "The icon “{found}” is damaged. Put the picture there again, or save it anew with a picture editor.",
    ),
    "icon.not-square": Text(
        "图标 “{name}” 是 {found} 像素，不是正方形。微信只接受正方形，最大 {limit}，建议 120×120。",
        "The icon “{name}” has {found} pixels and is not square. WeChat takes square ones of at most {limit}, better "
        "120×120.",
    ),
    "icon.too-large": Text(
        "图标 “{name}” 是 {found} 像素，微信最大只接受 {limit}。请缩小，建议 120×120。",
        "The icon “{name}” has {found} pixels; WeChat takes at most {limit}. Scale it down, best to 120×120.",
    ),
    "floor.unknown": Text(
        "没有楼层 “{found}” 的文件，现有：{known}。", "There is no file for floor “{found}”. There are: {known}."
    ),
    "floor.unknown-near": Text(
        "没有楼层 “{found}” 的文件，是不是 “{near}”？", "There is no file for floor “{found}”. Did you mean “{near}”?"
    ),
    "floor.twice": Text("楼层 “{found}” 已经在 {first} 写过了。", "Floor “{found}” is described already, in {first}."),
    "beacon.twice": Text(
        "信标 {found} 已经在 {first} 登记过了。同一个信标只能写一次。",
        "The beacon {found} is declared already, in {first}. Each beacon stands in one place only.",
    ),
    "beacon.no-uuid": Text(
        "信标 “{found}” 没有 UUID。请在文件开头写 uuid，或写在这个信标下面。",
        "The beacon “{found}” has no UUID. Write one at the top of the file, or for this beacon.",
    ),
    "pages.too-many": Text(
        "绑定了 {found} 个页面，微信最多允许 {limit} 个。", "{found} pages are bound; WeChat allows {limit}."
    ),
    "pages.random": Text(
        "绑定了 {found} 个页面：微信每次随机显示其中一个。",
        "{found} pages are bound: WeChat shows one of them at random, each time.",
    ),
    "slot.backwards": Text(
        "结束时间 {found} 不晚于开始时间 {first}。请改正其中一个。",
        "It ends at {found}, which is not after its start at {first}. Correct one of them.",
    ),
    "slot.overnight": Text(
        "结束时间 {found} 早于开始时间 {first}。如果要过夜，结束时间请写第二天：{near}。",
        "It ends at {found}, before its start at {first}. If it goes past midnight, it ends on the next day: {near}.",
    ),
    "slot.overlap": Text(
        "从 {found} 起与 {first} 的时间段重叠。", "From {found} on it overlaps with the one in {first}."
    ),
}
