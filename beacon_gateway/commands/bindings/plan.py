"""`plan` and `apply`: show what would change at the target, and carry it out."""

from argparse import Namespace
from datetime import UTC, datetime

from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.commands.bindings.one_pass import PassOutcome, do_pass, exit_code, print_json, print_outcome
from beacon_gateway.commands.shared.configuration import print_problems, read_store, who_types
from beacon_gateway.core.bindings.schedule import next_switch
from beacon_gateway.core.model.problems import is_sound
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.plans import PlanText, drift_json
from beacon_gateway.services.bindings.progress import Progress, SyncState
from beacon_gateway.services.bindings.sync import ManualRequest, Sync


def run(arguments: Namespace) -> int:
    async def compare(sync: Sync) -> Progress:
        by_hand = ManualRequest(
            who_types(), arguments.reason or "", prune=arguments.prune, plan=arguments.plan_hash.strip().lower()
        )
        return await sync.once(write=arguments.write, force=arguments.force, cause="apply", by_hand=by_hand)

    done = do_pass(arguments, "apply", _store, compare)
    if not isinstance(done, PassOutcome):
        return done
    if arguments.json:
        print_json(done.progress, drift=drift_json(done.progress.drift))
    else:
        _print(done, arguments.plan_hash)
    return exit_code(done.progress, write=arguments.write)


def _store(settings: Settings, language: Language) -> Store | None:
    store, problems = read_store(StoreFiles(settings.store, settings.timezone))
    if is_sound(problems):
        return store
    print_problems(problems, settings.store.parent, language)
    return None


def _print(done: PassOutcome, agreed: str) -> None:
    progress, store, zone, language = done.progress, done.store, done.settings.timezone, done.language
    for line in PlanText(progress.plan, store, language).drift_lines(progress.drift):
        print(line)
    print_outcome(done)
    if progress.state is SyncState.STALE:
        print(say("plan.stale", language, digest=progress.plan.digest, agreed=agreed))
    if hold := progress.hold:
        when = f"{hold.at.astimezone(zone):%Y-%m-%d %H:%M}"
        things = PlanText(progress.plan, store, language).held(hold)
        print(say("plan.held", language, who=hold.who, when=when, why=hold.why or "-", things=things))
    if switch := next_switch(store, datetime.now(UTC)):
        print(say("plan.next-switch", language, when=f"{switch.astimezone(zone):%Y-%m-%d %H:%M:%S}"))
