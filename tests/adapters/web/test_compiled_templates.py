"""Templates that an installation compiled are not compiled by the daemon; nothing else is taken for one."""

import shutil
from pathlib import Path

import pytest

from beacon_gateway.adapters.web.compiled_templates import COMPILED, TEMPLATES, compile_all, environment


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates", ignore=shutil.ignore_patterns(COMPILED)))


def is_compiled(templates: Path, name: str) -> bool:
    """True if the daemon finds a template compiled."""
    jinja = environment(templates)
    assert jinja.bytecode_cache
    path = templates / name
    source = path.read_text(encoding="utf-8")
    return jinja.bytecode_cache.get_bucket(jinja, name, str(path), source).code is not None


def test_each_template_is_found_compiled_after_an_installation(templates: Path) -> None:
    names = [path.name for path in templates.glob("*.html")]
    assert names
    assert not any(is_compiled(templates, name) for name in names)
    compile_all(templates)
    assert all(is_compiled(templates, name) for name in names)


def test_what_was_compiled_says_the_same(templates: Path) -> None:
    (templates / "greeting.html").write_text("{% if name %}\n<b>{{ name }}</b>\n{% endif %}\n")
    before = environment(templates).get_template("greeting.html").render(name="<6 楼>")
    compile_all(templates)
    assert (
        environment(templates).get_template("greeting.html").render(name="<6 楼>") == before == "<b>&lt;6 楼&gt;</b>\n"
    )


def test_a_template_that_changed_since_is_compiled_anew(templates: Path) -> None:
    (templates / "greeting.html").write_text("before")
    compile_all(templates)
    (templates / "greeting.html").write_text("after")
    assert not is_compiled(templates, "greeting.html")
    assert environment(templates).get_template("greeting.html").render() == "after"


def test_a_damaged_file_is_none(templates: Path) -> None:
    (templates / "greeting.html").write_text("hello")
    compile_all(templates)
    for path in (templates / COMPILED).iterdir():
        path.write_bytes(path.read_bytes()[:-20])
    assert environment(templates).get_template("greeting.html").render() == "hello"


def test_the_daemon_writes_nothing_beside_its_program(templates: Path) -> None:
    environment(templates).get_template("missing.html")
    assert not (templates / COMPILED).exists()
