"""The package on 64-bit ARM, as a Pi is: Debian's own root, run by an emulated processor. `make test-arm64`."""
