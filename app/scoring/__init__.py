"""Pure arithmetic over arrays: the same input gives the same output, and nothing else happens."""
