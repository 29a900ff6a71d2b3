"""What one part of the daemon fails at is its own."""
