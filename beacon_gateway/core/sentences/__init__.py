"""Sentences for people: found in the catalogues of `beacon_gateway/locale`, and filled."""
