"""The watch: from advertisements to what the hit log is given to keep."""
