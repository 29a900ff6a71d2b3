"""The Ansible role is well formed, and keeps what the guide promises of it.

Ansible itself is not needed: what is asked here can be seen in the files.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment

from beacon_gateway.adapters.files.gateway_file import read_settings
from tests.places import PROJECT

ANSIBLE = PROJECT / "deploy" / "raspberry-pi" / "ansible"
ROLE = ANSIBLE / "roles" / "beacon_gateway"
MODULES = {
    "apt",
    "assert",
    "command",
    "copy",
    "fail",
    "file",
    "find",
    "group_by",
    "import_role",
    "import_tasks",
    "include_tasks",
    "meta",
    "set_fact",
    "setup",
    "systemd_service",
    "template",
    "wait_for",
}


def load(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def tasks_of(path: Path) -> list[dict[str, Any]]:
    """Return the tasks of a file, those of its blocks too."""
    found: list[dict[str, Any]] = []
    waiting = list(load(path))
    while waiting:
        task = waiting.pop(0)
        found.append(task)
        for part in ("block", "rescue", "always"):
            waiting = [*task.get(part, []), *waiting]
    return found


def task_files() -> list[Path]:
    return sorted([*(ROLE / "tasks").glob("*.yml"), *(ROLE / "handlers").glob("*.yml")])


def command_of(task: dict[str, Any]) -> str:
    return " ".join(task.get("ansible.builtin.command", {}).get("argv", []))


@pytest.mark.parametrize("path", sorted(ANSIBLE.rglob("*.yml")), ids=lambda path: str(path.relative_to(ANSIBLE)))
def test_every_file_loads(path: Path) -> None:
    assert load(path)


def test_only_modules_that_come_with_ansible_are_used() -> None:
    used = {key for path in task_files() for task in tasks_of(path) for key in task if "." in key}
    assert used <= {f"ansible.builtin.{name}" for name in MODULES}


def test_every_task_has_a_name() -> None:
    assert [task for path in task_files() for task in tasks_of(path) if not task.get("name")] == []


def test_the_writers_are_counted_before_anything_else_is_done() -> None:
    assert tasks_of(ROLE / "tasks" / "main.yml")[0]["ansible.builtin.import_tasks"] == "writers.yml"
    counted = tasks_of(ROLE / "tasks" / "writers.yml")
    assert all("ansible.builtin.assert" in task for task in counted)
    assert "beacon_gateway_writers | length == 1" in [task["ansible.builtin.assert"]["that"] for task in counted]


def test_they_are_counted_over_the_whole_inventory() -> None:
    for task in tasks_of(ROLE / "tasks" / "writers.yml"):
        assert "groups[beacon_gateway_group" in str(task["loop"])
        assert "ansible_play_hosts" not in str(task)


def test_one_gateway_after_the_other_and_the_writer_last() -> None:
    _, others, writer = load(ANSIBLE / "gateways.yml")
    assert others["hosts"] == "beacon_gateways:!beacon_gateways_writer"
    assert writer["hosts"] == "beacon_gateways_writer"
    assert all(play["serial"] == 1 and play["any_errors_fatal"] for play in (others, writer))


def test_the_secret_is_shown_nowhere_and_read_by_root_alone() -> None:
    naming = [
        task
        for path in task_files()
        for task in tasks_of(path)
        if "beacon_gateway_secret" in str(task.get("ansible.builtin.copy")) + str(task.get("ansible.builtin.command"))
    ]
    assert len(naming) == 1
    copied = naming[0]["ansible.builtin.copy"]
    assert (naming[0]["no_log"], naming[0]["diff"]) == (True, False)
    assert (copied["dest"], copied["owner"], copied["mode"]) == ("/etc/beacon-gateway/wechat-secret", "root", "0600")
    template = (ROLE / "templates" / "gateway.yaml.j2").read_text(encoding="utf-8")
    assert "secret" not in template


def test_a_version_that_is_not_well_is_taken_back() -> None:
    (attempt,) = [task for task in load(ROLE / "tasks" / "package.yml") if "rescue" in task]
    assert "health.yml" in str(attempt["block"])
    assert "/var/cache/beacon-gateway/previous.deb" in str([command_of(task) for task in attempt["rescue"]])
    assert "ansible.builtin.fail" in attempt["rescue"][-1]


@pytest.mark.parametrize(
    ("code", "out", "err", "fails"),
    [
        (0, "Gateway …", "", False),
        (2, "! the store's files have 1 error", "", False),
        (3, "! stopped by the brake", "", False),
        (4, "! the account needs IT", "", False),
        (1, "Radio: the adapter is missing", "", False),
        (1, "", "The gateway is not running.", True),
        (1, "Gateway …", "no report since", True),
        (78, "", "gateway.yaml", True),
    ],
)
def test_well_means_that_the_gateway_runs_whatever_waits_for_a_person(
    code: int, out: str, err: str, *, fails: bool
) -> None:
    asked = [task for task in tasks_of(ROLE / "tasks" / "health.yml") if command_of(task) == "beacon-gateway status"]
    assert asked
    result = {"beacon_gateway_status": {"rc": code, "stdout": out, "stderr": err}}
    for task in asked:
        assert bool(Environment(autoescape=True).compile_expression(task["failed_when"])(**result)) is fails
        if "until" in task:
            assert bool(Environment(autoescape=True).compile_expression(task["until"])(**result)) is not fails


def test_every_variable_is_described() -> None:
    options = load(ROLE / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]
    assert set(options) == set(load(ROLE / "defaults" / "main.yml"))


def test_a_gateway_does_not_write_unless_the_inventory_says_so() -> None:
    assert load(ROLE / "defaults" / "main.yml")["beacon_gateway_role"] == "off"


def test_every_key_that_the_role_writes_is_one_of_gateway_yaml() -> None:
    template = (ROLE / "templates" / "gateway.yaml.j2").read_text(encoding="utf-8")
    keys = {line.partition(":")[0] for line in template.splitlines() if line[:1].isalpha()}
    assert {"gateway", "floor", "wechat"} <= keys
    schema = json.loads((PROJECT / "config" / "schema" / "gateway.schema.json").read_text(encoding="utf-8"))
    assert keys <= set(schema["properties"])


@pytest.mark.parametrize(
    "more", [{}, {"radio": {"offset": -6}}, {"radio": {"mode": "passive"}, "web": {"listen": "off"}}]
)
def test_more_of_a_group_that_the_role_writes_goes_into_that_group(more: dict[str, Any], tmp_path: Path) -> None:
    environment = Environment(trim_blocks=True, autoescape=False)  # noqa: S701 - YAML, as Ansible renders it
    environment.filters["to_json"] = json.dumps
    template = environment.from_string((ROLE / "templates" / "gateway.yaml.j2").read_text(encoding="utf-8"))
    variables = load(ROLE / "defaults" / "main.yml") | {
        "beacon_gateway_name": "f6-east",
        "beacon_gateway_floor": "F6",
        "beacon_gateway_more": more,
    }
    file = tmp_path / "gateway.yaml"
    file.write_text(template.render(variables), encoding="utf-8")
    settings, _, problems = read_settings(file)
    assert not problems
    assert settings is not None
    assert settings.radio.offset == more.get("radio", {}).get("offset", 0)


def test_the_example_has_exactly_one_writer_and_names_nobody() -> None:
    hosts = load(ANSIBLE / "inventory.example.yml")["beacon_gateways"]["hosts"]
    assert [values.get("beacon_gateway_role") for values in hosts.values()].count("writer") == 1
    assert all(host.endswith(".example") for host in hosts)
