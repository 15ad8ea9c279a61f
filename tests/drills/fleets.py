"""Several processes that serve one database, and how some or all of them are ended at once."""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.drills.processes import Poet, served


@dataclass(frozen=True)
class Size:
    """How many services there are on one database, and how many processes serve in each."""

    services: int
    workers: int

    def __str__(self):
        return f"{self.services}x{self.workers}"


ALONE, WORKERS, SERVICES = Size(1, 1), Size(1, 2), Size(2, 1)


class Fleet:
    """Services on one database, which anybody may be sent to."""

    def __init__(self, services):
        self.services = services
        self.addresses = [service.address for service in services]

    @property
    def poet(self):
        """The service that a machine is sent to."""
        return self.services[0]

    def processes(self):
        """All processes that serve."""
        return [worker for service in self.services for worker in service.workers()]

    def kill_all(self):
        """End every process at once, as a loss of power does, and start anew."""
        for service in self.services:
            service.kill()
        for service in self.services:
            service.start()

    def kill_one(self, chance):
        """End one process at once while the others serve on, and let another take its place."""
        chance.choice(self.services).kill_one(chance)

    def connected(self):
        """How many clients each process is connected with."""
        ports = {service.port for service in self.services}
        return [
            sum(
                each.status == "ESTABLISHED" and each.laddr.port in ports
                for each in process.net_connections()
            )
            for process in self.processes()
        ]


@contextmanager
def fleet_of(url, home, size, **how):
    """A fleet on an empty database; whatever is left of it is ended."""
    with ExitStack() as opened:
        services = [opened.enter_context(served(url, home, workers=size.workers, **how))]
        for _ in range(size.services - 1):
            beside = Poet(url, home, workers=size.workers, **how)
            opened.callback(beside.kill)
            services.append(beside.start())
        yield Fleet(services)
