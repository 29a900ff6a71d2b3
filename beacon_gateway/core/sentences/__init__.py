"""The catalogue's sentences, by subject: Chinese and English side by side. `core.messages` says them."""
