"""The service in a process of its own, which ends when the demonstration does."""

import sys
import threading

import uvicorn


def main(port: int) -> None:
    """Serve on loopback as the environment says, until standard input ends."""
    server = uvicorn.Server(
        uvicorn.Config(
            "app.main:from_environment",
            factory=True,
            host="127.0.0.1",
            port=port,
            access_log=False,
            server_header=False,
            log_level="warning",
        )
    )
    threading.Thread(target=_end_with_standard_input, args=(server,), daemon=True).start()
    server.run()


def _end_with_standard_input(server: uvicorn.Server) -> None:
    # It ends even when the demonstration is killed, which leaves no chance to say so.
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main(int(sys.argv[1]))
