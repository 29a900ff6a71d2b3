"""`check`: every fault of every file at once."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from beacon_gateway.adapters.deadline import CHECK_TIMEOUT_S
from beacon_gateway.adapters.files.check import check
from beacon_gateway.adapters.files.schema import write_schemas
from beacon_gateway.commands.shared.configuration import config_path, language_of, print_problems
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.core.model.problems import is_sound
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.problems import problem_json


def run(arguments: Namespace) -> int:
    if arguments.write_schema:
        folder: Path = arguments.write_schema
        in_time(folder, lambda: write_schemas(folder))
        return ExitCode.FINE
    folder = arguments.folder or config_path(arguments).parent
    return in_time(folder, lambda: _check(arguments), timeout_s=CHECK_TIMEOUT_S)


def _check(arguments: Namespace) -> ExitCode:
    base, settings, store, problems = check(arguments.folder or config_path(arguments))
    language = language_of(arguments, settings)
    if arguments.json:
        print(json.dumps([problem_json(problem) for problem in problems], ensure_ascii=False, indent=1))
    elif problems:
        print_problems(problems, base, language, file=sys.stdout)
    else:
        counts = {"floors": len(store.floors), "beacons": len(store.beacons), "pages": len(store.pages)}
        print(say("check.fine", language, **counts))
    return ExitCode.FINE if is_sound(problems) else ExitCode.PENDING
