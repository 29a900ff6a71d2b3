"""What the service may read and write, by the rights of files: asked by root, who may do everything."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SERVICE: Final = "beacon-gateway"
"""The user that the unit works as."""
READ, WRITE, SEARCH = os.R_OK, os.W_OK, os.X_OK


@dataclass(frozen=True, slots=True)
class User:
    name: str
    uid: int
    groups: frozenset[int]

    def may(self, found: os.stat_result, wanted: int) -> bool:
        """Return whether the rights of a file allow all of READ, WRITE, SEARCH that are wanted. ACLs are not asked."""
        if self.uid == 0:
            return True
        shift = 6 if found.st_uid == self.uid else 3 if found.st_gid in self.groups else 0
        return (found.st_mode >> shift) & wanted == wanted

    def closed_on_the_way(self, path: Path, wanted: int) -> Path | None:
        """Return the first folder above a path, or the path itself, that keeps this user out; None where none does.

        Raises OSError for what is not there.
        """
        way = [*reversed(path.absolute().parents)]
        for folder in way:
            if not self.may(folder.stat(), SEARCH):
                return folder
        found = path.stat()
        wanted |= SEARCH if stat.S_ISDIR(found.st_mode) else 0
        return None if self.may(found, wanted) else path


def service_user(state: Path) -> User:
    """Return the user of the unit; where there is none, the owner of the state folder. Raises OSError."""
    try:
        found = pwd.getpwnam(SERVICE)
    except KeyError:
        owner = state.stat()
        return User(_name_of(owner.st_uid), owner.st_uid, frozenset({owner.st_gid}))
    return User(SERVICE, found.pw_uid, frozenset(os.getgrouplist(SERVICE, found.pw_gid)))


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
