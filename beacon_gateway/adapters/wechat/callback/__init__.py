"""Where WeChat tells of shakes: a door of its own, and what comes through it."""
