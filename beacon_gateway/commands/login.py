"""`login`: a link that lets a browser change things at this machine's pages, where there are no accounts."""

from argparse import Namespace

from beacon_gateway.adapters.machine.owner import work_as_owner_of
from beacon_gateway.adapters.secrets.login_link_file import LoginLinkFile
from beacon_gateway.adapters.secrets.web_accounts_file import WebAccountsFile
from beacon_gateway.commands.shared.configuration import complain, config_path, language_of, load_settings
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.core.access.web_accounts import NO_ACCOUNTS
from beacon_gateway.core.sentences.messages import say


def run(arguments: Namespace) -> int:
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    language, address = language_of(arguments, settings), settings.web.listen
    if address is None:
        complain("login.no-pages", language)
        return ExitCode.FAILED
    pages = f"http://{address}/"
    config = config_path(arguments)
    if in_time(config.parent, WebAccountsFile(config).read) is not NO_ACCOUNTS:
        complain("login.accounts", language, address=pages)
        return ExitCode.FAILED
    try:
        work_as_owner_of(settings.runtime)
        secret = LoginLinkFile(settings.runtime).make()
    except FileNotFoundError:
        complain("login.not-running", language, path=settings.runtime)
    except PermissionError:
        complain("login.not-allowed", language)
    except OSError as error:
        complain("trouble.state", language, reason=error)
    else:
        print(say("login.link", language))
        print(f"{pages}login?link={secret}")
        return ExitCode.FINE
    return ExitCode.FAILED
