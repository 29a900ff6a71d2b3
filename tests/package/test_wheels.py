"""One site-packages serves both Pythons, or is not built."""

from pathlib import Path

import pytest
from wheels import Disagreement, drop_superfluous, merge


def trees(tmp_path: Path, older: dict[str, str], newer: dict[str, str]) -> dict[str, Path]:
    found = {"3.11": tmp_path / "older", "3.13": tmp_path / "newer"}
    for folder, files in zip(found.values(), (older, newer), strict=True):
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, encoding="utf-8")
    return found


def test_compiled_modules_of_both_pythons_lie_side_by_side(tmp_path: Path) -> None:
    both = trees(
        tmp_path,
        {"yaml/loader.py": "same", "yaml/_yaml.cpython-311-aarch64-linux-gnu.so": "older"},
        {"yaml/loader.py": "same", "yaml/_yaml.cpython-313-aarch64-linux-gnu.so": "newer"},
    )
    merge(both, tmp_path / "merged")
    assert {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "merged" / "yaml").iterdir()} == {
        "loader.py": "same",
        "_yaml.cpython-311-aarch64-linux-gnu.so": "older",
        "_yaml.cpython-313-aarch64-linux-gnu.so": "newer",
    }


def test_wheels_that_disagree_are_refused_and_every_such_file_is_named(tmp_path: Path) -> None:
    both = trees(
        tmp_path,
        {"yaml/loader.py": "for 3.11", "yaml/same.py": "", "yaml/_rust.abi3.so": "older", "backport.py": ""},
        {"yaml/loader.py": "for 3.13", "yaml/same.py": "", "yaml/_rust.abi3.so": "newer"},
    )
    with pytest.raises(Disagreement) as refused:
        merge(both, tmp_path / "merged")
    assert str(refused.value).splitlines()[1:] == [
        "  backport.py: only for 3.11",
        "  yaml/_rust.abi3.so: not the same for 3.11 and 3.13",
        "  yaml/loader.py: not the same for 3.11 and 3.13",
    ]


def test_sources_tests_and_notes_of_pip_are_dropped_and_licences_stay(tmp_path: Path) -> None:
    kept = {"a/a.py", "a/py.typed", "a-1.dist-info/METADATA", "a-1.dist-info/licenses/LICENSE"}
    for name in (
        *kept,
        *("a/a.pyx", "a/a.pyi", "a/a.h", "a/tests/test_a.py", "bin/a"),
        *("a-1.dist-info/RECORD", "a-1.dist-info/WHEEL", "a-1.dist-info/INSTALLER", "a/java/b/A.java"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    drop_superfluous(tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == kept
    assert not (tmp_path / "a" / "java").exists()
