"""The files of the package are where the guide, the units and the scripts look for them."""

import os
import stat
import subprocess
import time
from pathlib import Path

import pytest
from build import PROJECT, pack
from control import write_control
from tree import HERE, HOME, SITE_PACKAGES, lay_out, settle, units_at_boot

NOON = 1_764_000_000


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the package unpacked, without the libraries."""
    return laid_out(tmp_path_factory.mktemp("root"))


def laid_out(root: Path) -> Path:
    (root / SITE_PACKAGES).mkdir(parents=True)
    lay_out(root, PROJECT, "0.1.0.dev3", NOON)
    write_control(root, "0.1.0~dev3", "arm64")
    settle(root, NOON)
    return root


@pytest.mark.parametrize(
    "place",
    [
        "opt/beacon-gateway/bin/beacon-gateway",
        "opt/beacon-gateway/pyvenv.cfg",
        "opt/beacon-gateway/libexec/keep-package",
        "opt/beacon-gateway/libexec/share-store",
        "opt/beacon-gateway/lib/site-packages/beacon_gateway/__main__.py",
        "usr/lib/systemd/system/beacon-gateway.service",
        "usr/lib/systemd/system/beacon-gateway-bluetooth.path",
        "usr/lib/systemd/system/beacon-gateway-setup.service",
        "usr/lib/systemd/system/bluetooth.service.d/beacon-gateway.conf",
        "usr/lib/systemd/journald.conf.d/beacon-gateway.conf",
        "usr/lib/sysusers.d/beacon-gateway.conf",
        "usr/lib/tmpfiles.d/beacon-gateway.conf",
        "usr/share/bash-completion/completions/beacon-gateway",
        "usr/share/zsh/vendor-completions/_beacon-gateway",
        "usr/share/man/man1/beacon-gateway.1.gz",
        "usr/share/doc/beacon-gateway/README.md",
        "usr/share/doc/beacon-gateway/README.zh-CN.md",
        "usr/share/doc/beacon-gateway/copyright",
        "usr/share/doc/beacon-gateway/examples/config/store/floors/F6.yaml",
        "usr/share/doc/beacon-gateway/examples/ansible/gateways.yml",
        "usr/share/doc/beacon-gateway/examples/beacon-gateway.service.d/shake-events.conf.example",
    ],
)
def test_each_file_is_in_its_place(root: Path, place: str) -> None:
    assert (root / place).is_file()


def test_both_pythons_see_the_same_site_packages(root: Path) -> None:
    for python in ("python3.11", "python3.13"):
        assert (root / HOME / "lib" / python / "site-packages").resolve() == (root / SITE_PACKAGES).resolve()
    assert (root / HOME / "bin" / "python").readlink() == Path("/usr/bin/python3")
    assert (root / "usr" / "bin" / "beacon-gateway").readlink() == Path("/opt/beacon-gateway/bin/beacon-gateway")


def test_nothing_is_put_where_people_write(root: Path) -> None:
    assert sorted(path.name for path in root.iterdir()) == ["DEBIAN", "opt", "usr"]


def test_what_is_started_is_executable_and_nothing_else_is(root: Path) -> None:
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    assert {path.name for path in files if path.stat().st_mode & stat.S_IXUSR} == {
        *("beacon-gateway", "keep-package", "share-store"),
        *("postinst", "prerm", "postrm"),
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in root.rglob("*") if not path.is_symlink()} == {0o755, 0o644}


def test_whatever_says_when_it_starts_is_enabled(root: Path) -> None:
    assert units_at_boot() == [
        "beacon-gateway-bluetooth.path",
        "beacon-gateway-setup.service",
        "beacon-gateway.service",
    ]
    assert f"for unit in {' '.join(units_at_boot())}; do" in (root / "DEBIAN" / "postinst").read_text(encoding="utf-8")


def test_the_check_sums_are_those_of_the_files(root: Path) -> None:
    done = subprocess.run(
        ["md5sum", "--check", "--quiet", "DEBIAN/md5sums"], cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_same_tree_gives_the_same_bytes(tmp_path: Path) -> None:
    packages = []
    for name, mask in (("one", 0o022), ("other", 0o077)):
        before = os.umask(mask)
        try:
            root = laid_out(tmp_path / name)
        finally:
            os.umask(before)
        packages.append(pack(root, tmp_path / f"{name}.deb", NOON).read_bytes())
    assert packages[0] == packages[1]


def test_the_package_belongs_to_root_and_is_of_the_given_time(root: Path, tmp_path: Path) -> None:
    package = pack(root, tmp_path / "package.deb", NOON)
    listed = subprocess.run(
        ["dpkg-deb", "--contents", package],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "TZ": "UTC"},
    ).stdout.splitlines()
    assert {tuple(line.split()[1:2] + line.split()[3:5]) for line in listed} == {
        ("root/root", *time.strftime("%Y-%m-%d %H:%M", time.gmtime(NOON)).split())
    }


@pytest.mark.parametrize(
    "script", ["scripts/postinst", "scripts/prerm", "scripts/postrm", "keep-package", "share-store"]
)
def test_scripts_are_plain_sh_and_stop_at_the_first_fault(script: str) -> None:
    path = HERE / script
    assert subprocess.run(["sh", "-n", path], check=False).returncode == 0
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/bin/sh"
    assert "set -e" in lines


def test_code_that_cannot_be_imported_is_not_packaged(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "beacon_gateway").mkdir(parents=True)
    (project / "beacon_gateway" / "__init__.py").write_text('__version__ = "0.1.0"\n', encoding="utf-8")
    (project / "beacon_gateway" / "half.py").write_text("return 1\n", encoding="utf-8")
    with pytest.raises(SyntaxError, match=r"half\.py"):
        lay_out(tmp_path / "root", project, "0.1.0", NOON)
