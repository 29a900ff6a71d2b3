"""`doctor`: the commonest faults, each with the command that mends it.

Exit code: 0 all is well; 2 there are warnings, nothing worse; 1 something fails; 4 the account or its secret is all
that fails; 78 gateway.yaml cannot be read, and whatever does not need it was looked at all the same. What could not be
looked at changes nothing.
"""

import json
import logging
from argparse import Namespace
from collections.abc import Sequence
from datetime import tzinfo

from beacon_gateway import log
from beacon_gateway.commands.doctor.evidence import DoctorEnvironment, gather
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.core.doctor.checks import ACCOUNT_CHECKS, examine
from beacon_gateway.core.doctor.finding import Finding, FindingLevel, worst
from beacon_gateway.core.model.settings import Language
from beacon_gateway.presentation.doctor import finding_lines, findings_json


def run(arguments: Namespace) -> int:
    log.configure(level=logging.CRITICAL)  # what is wrong is said by the findings, once
    findings, language, zone = diagnose(arguments)
    if arguments.json:
        print(json.dumps(findings_json(findings, language, zone), ensure_ascii=False))
    else:
        for line in finding_lines(findings, language, zone):
            print(line)
    return exit_code(findings)


def diagnose(
    arguments: Namespace, surroundings: DoctorEnvironment | None = None
) -> tuple[tuple[Finding, ...], Language, tzinfo | None]:
    """Look at everything; return what was found, and the language and the zone to say it in."""
    evidence, language, zone = gather(arguments, surroundings or DoctorEnvironment())
    return examine(evidence), language, zone


def exit_code(findings: Sequence[Finding]) -> ExitCode:
    failed = {finding.check for finding in findings if finding.level is FindingLevel.FAIL}
    if "config" in failed:
        return ExitCode.CONFIG
    if failed:
        return ExitCode.OPERATOR if failed <= ACCOUNT_CHECKS else ExitCode.FAILED
    return ExitCode.PENDING if worst(findings) is FindingLevel.WARN else ExitCode.FINE
