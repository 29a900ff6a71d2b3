"""What the card gets to see, and what it still holds when the power is cut. Needs root and loop devices."""
