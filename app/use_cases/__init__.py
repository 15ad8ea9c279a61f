"""What the service does: one function for one thing that somebody can ask for."""
