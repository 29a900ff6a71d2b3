"""What linters of other people say of what we wrote: `make test-judges`."""
