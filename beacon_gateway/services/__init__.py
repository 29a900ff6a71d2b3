"""Carries values between the ports it declares. Knows core only."""
