"""The demonstration."""


class DemonstrationFailed(Exception):
    """The service did not answer as it should."""


def play(*, serve: bool) -> None:
    """Play."""
