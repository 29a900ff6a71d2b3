"""Decides. Pure: the standard library only; no asyncio, logging, sockets or clocks."""
