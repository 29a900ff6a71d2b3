"""`python -m beacon_gateway` and the `beacon-gateway` command."""

import sys

from beacon_gateway.cli import main as run


def main() -> None:
    sys.exit(run())


if __name__ == "__main__":
    main()
