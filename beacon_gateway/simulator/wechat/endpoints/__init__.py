"""The shakearound calls: reading their fields, asking the account, writing their answers."""
