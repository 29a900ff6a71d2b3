from hypothesis import settings

# The same examples in every run, and no deadline: a slow machine is no fault.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
