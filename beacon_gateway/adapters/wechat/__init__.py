"""WeChat Shake Nearby (摇一摇周边) as a binding target. Imported only where an account is configured: it is heavy."""
