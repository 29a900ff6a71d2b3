"""One module a command: `run(arguments)` does it and gives the exit code. Loaded only when typed, to start fast."""
