"""`undo`: put the account back to what it was before the last apply that changed something."""

from argparse import Namespace

from beacon_gateway.adapters.deadline import CHECK_TIMEOUT_S
from beacon_gateway.adapters.files.last_good import LAST_GOOD, LastGoodCopy
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.commands.bindings.one_pass import PassOutcome, do_pass, exit_code, print_json, print_outcome
from beacon_gateway.commands.shared.configuration import print_problems, read_store, who_types
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.core.model.problems import is_sound
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.services.bindings.progress import Progress, SyncState
from beacon_gateway.services.bindings.sync import ManualRequest, Sync


def run(arguments: Namespace) -> int:
    async def undo(sync: Sync) -> Progress:
        return await sync.undo(ManualRequest(who_types(), arguments.reason or ""), force=arguments.force)

    done = do_pass(arguments, "undo", _store, undo)
    if not isinstance(done, PassOutcome):
        return done
    if arguments.json:
        print_json(done.progress)
    else:
        _print(done)
    return _exit_code(done.progress)


def _store(settings: Settings, language: Language) -> Store | None:
    """Read the files, or the last good ones: a person who broke the files may want to go back all the more."""
    files = StoreFiles(settings.store, settings.timezone)
    store, problems = read_store(files)
    if not is_sound(problems):
        print_problems(problems, settings.store.parent, language)
        copy = LastGoodCopy(files, settings.state / LAST_GOOD)
        store, problems = in_time(settings.state, copy.read, timeout_s=CHECK_TIMEOUT_S)
    return store if is_sound(problems) else None


def _print(done: PassOutcome) -> None:
    progress, language = done.progress, done.language
    if not (progress.plan or progress.plan.leaves_out):
        print(say("undo.nothing", language))
        return
    print_outcome(done)
    if progress.applied:
        print(say("undo.held" if progress.hold else "undo.again", language))


def _exit_code(progress: Progress) -> ExitCode:
    if progress.state is SyncState.IN_SYNC and (progress.plan.leaves_out):
        return ExitCode.PENDING
    return exit_code(progress, write=True)
