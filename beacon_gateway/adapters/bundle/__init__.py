"""Gathers what helps to find a fault, each within its time and its size, and writes it as one file."""
