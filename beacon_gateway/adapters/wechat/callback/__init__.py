"""Where WeChat reports shakes: a door of its own, and what comes through it."""
