"""`make messages`: compiles each catalogue, for the standard library's gettext to read."""

from tests.locale.catalogues import FILE, FOLDERS, LOCALE, compiled

for folder in FOLDERS:
    path = LOCALE / folder / FILE
    path.with_suffix(".mo").write_bytes(compiled(path.read_bytes()))
