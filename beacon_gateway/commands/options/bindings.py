"""Options of `plan`, `apply`, `undo`: the account as the files say."""

from beacon_gateway.commands.options.commands import Commands
from beacon_gateway.commands.shared import argument_types


def add_to(commands: Commands) -> None:
    plan = commands.add("plan", "show what would change at the target; writes nothing")
    plan.add_argument("--json", action="store_true", help="the plan as JSON")
    plan.add_argument("--prune", action="store_true", help="delete own pages that no file names and nothing shows")
    plan.set_defaults(write=False, force=False, reason=None, plan_hash="")

    apply = commands.add("apply", "carry out what `plan` shows, and read it back", command="plan")
    apply.add_argument("--force", action="store_true", help="past the brake and protected beacons; needs --reason")
    apply.add_argument("--reason", type=argument_types.line, metavar="TEXT", help="for the audit log")
    apply.add_argument("--plan-hash", default="", metavar="H", help="only if the plan is still this one")
    apply.add_argument("--prune", action="store_true", help="delete own pages that no file names and nothing shows")
    apply.add_argument("--json", action="store_true", help="plan and outcome as JSON")
    apply.set_defaults(write=True)

    undo = commands.add("undo", "put the account back to what it was before the last apply; the files stay as they are")
    undo.add_argument("--force", action="store_true", help="past the brake and protected beacons; needs --reason")
    undo.add_argument("--reason", type=argument_types.line, metavar="TEXT", help="for the audit log")
    undo.add_argument("--json", action="store_true", help="plan and outcome as JSON")
