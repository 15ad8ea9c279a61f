"""Secrets, chance and proof: the only package that touches keys, hashes, ciphers and randomness."""
