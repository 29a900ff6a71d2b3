"""A whole store on one machine: the stage on which it plays, and the view of it."""
