"""The catalogues come with the program: a wheel holds what is read at run time, and no more."""

from hatchling.builders.wheel import WheelBuilder

from tests.locale.catalogues import FOLDERS, LOCALE


def test_a_wheel_has_each_compiled_catalogue_and_no_source_of_one() -> None:
    builder = WheelBuilder(str(LOCALE.parents[1]))
    found = {file.distribution_path for file in builder.recurse_included_files()}
    in_locale = {path for path in found if path.startswith("beacon_gateway/locale/")}
    assert in_locale == {f"beacon_gateway/locale/{folder}/LC_MESSAGES/messages.mo" for folder in FOLDERS}
