"""Pretends to be the outside: the air around the gateways, the store's folder, WeChat."""
