"""The way in to the pages, and what is said to those who are turned away."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PAGE_LOGIN: Final[Mapping[str, Text]] = {
    "login.title": Text("登录", "Log in"),
    "login.name": Text("名字", "Name"),
    "login.password": Text("密码", "Password"),
    "login.enter": Text("登录", "Log in"),
    "login.leave": Text("退出", "Log out"),
    "login.forgotten": Text(
        "忘了密码？请门店 IT 在网关上重设：sudo beacon-gateway password 名字",
        "Forgot it? Let store IT set a new one on the gateway: sudo beacon-gateway password NAME",
    ),
    "login.wrong": Text("名字或密码不对，请再试一次。", "Name or password is wrong. Try once more."),
    "login.wait": Text(
        "错了太多次，请等 {seconds} 秒再试。", "There were too many wrong ones. Wait {seconds} seconds, then try again."
    ),
    "login.busy": Text(
        "现在同时登录的人太多，请过几秒再试。", "Too many people log in just now. Try again in some seconds."
    ),
    "login.link-about": Text(
        "这个链接可以让您在这个浏览器里修改绑定。它只能用一次。",
        "This link lets you change things in this browser. It is good once.",
    ),
    "login.link-enter": Text("开始修改", "Let me in"),
    "login.link-how": Text(
        "这台网关没有账号，谁都只能看。要修改，请在网关上运行下面的命令，再打开它显示的链接（10 分钟内有效）；"
        "要让同事用手机登录，请建账号：sudo beacon-gateway password 名字",
        "This gateway has no accounts: everybody may look, and nobody may change anything. To do that, type the "
        "following on the gateway and open the link that it prints (good for ten minutes). For colleagues to log in "
        "from their phones, make accounts: sudo beacon-gateway password NAME",
    ),
    "login.link-over": Text(
        "这个链接已经失效：用过了、过了 10 分钟，或者后来又生成了新的链接。请用最新的链接，或者再运行一次命令。",
        "This link is not good any more: it was used, is older than ten minutes, or a newer one was made. Open the "
        "newest one, or make another.",
    ),
    "login.no-pages": Text(
        "这台网关不提供网页（gateway.yaml 里 web.listen 是 off）。",
        "This gateway has no pages: `web.listen` is off in gateway.yaml.",
    ),
    "login.accounts": Text(
        "这台网关有账号：请打开 {address}，用名字和密码登录。",
        "This gateway has accounts: open {address} and log in by name and password.",
    ),
    "login.not-running": Text(
        "网关服务没有运行（{path} 不存在）。请先启动：sudo systemctl start beacon-gateway",
        "The service does not run ({path} is not there). Start it first: sudo systemctl start beacon-gateway",
    ),
    "login.not-allowed": Text(
        "只有 root 或网关服务的用户可以生成链接。请在前面加上 sudo。",
        "Only root or the service's user may make a link: put sudo before it.",
    ),
    "login.link": Text(
        "请在浏览器里打开（10 分钟内有效，只能用一次）：", "Open this in a browser (good once, and for ten minutes):"
    ),
    # Turned away
    "refused.reader": Text(
        "在这里只能看。要修改，请先在网关上运行：sudo beacon-gateway login",
        "You may only look here. To change something, type this on the gateway first: sudo beacon-gateway login",
    ),
    "refused.coding": Text("表单只能用 UTF-8 编码。", "Forms are read in UTF-8 only."),
    "refused.failed": Text(
        "这一页出错了，已经记录下来。其他功能不受影响。", "This page failed; that was logged. All else goes on."
    ),
    "refused.title": Text("没有成功", "That did not work"),
    "refused.login": Text("请先登录。", "Log in first."),
    "refused.wrong-password": Text("名字或密码不对。", "Name or password is wrong."),
    "refused.name": Text(
        "这台网关不认识这个名字。请用它的 IP 地址打开；要用这个名字，请门店 IT 写进 gateway.yaml 的 web.names。",
        "This is not the server of that name. Open it by its IP address; for this name to work, store IT writes it "
        "under web.names in gateway.yaml.",
    ),
    "refused.proxy": Text(
        "这个请求是从代理转来的，可是网关还没有账号，所以不回答。请先建账号："
        "sudo beacon-gateway password 名字 --rank it，再重启：sudo systemctl restart beacon-gateway",
        "This came through a proxy, and the gateway has no accounts, so it does not answer. Make one: sudo "
        "beacon-gateway password NAME --rank it, then sudo systemctl restart beacon-gateway",
    ),
    "refused.elsewhere": Text(
        "这个表单是别的网站发来的，没有执行。请打开网关自己的页面再做。",
        "This form was sent by a page of another site, and nothing was done. Open the gateway's own page.",
    ),
    "refused.form": Text(
        "这个页面放得太久了，没有执行。请返回，刷新页面，再做一次。",
        "This form is too old, or not one of ours, and nothing was done: go back, load the page again, resend.",
    ),
    "refused.form-kind": Text("这不是网页表单，没有执行。", "This is not sent as a form is, and nothing was done."),
    "refused.too-large": Text("发来的内容太大，没有执行。", "What was sent is too large, and nothing was done."),
    "refused.no-length": Text(
        "请求没有说明长度，没有执行。", "The request does not tell its length, and nothing was done."
    ),
    "refused.slow": Text(
        "网络太慢，内容没有收完，没有执行。请再试一次。",
        "The network was too slow: not all of it arrived, and nothing was done. Try once more.",
    ),
    "refused.broken": Text("发来的内容不完整，没有执行。", "What was sent is broken, and nothing was done."),
    "refused.method": Text("这个地址不能这样用。", "This address cannot be used like that."),
    "refused.not-allowed": Text("这个账号不能这样做，请找门店 IT。", "This account may not do that. Ask store IT."),
    "refused.other": Text("没有成功（{code}）。", "That did not work ({code})."),
    "refused.back": Text("回到首页", "To the first page"),
}
