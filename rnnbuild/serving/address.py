"""The address of a server: taken first, listened on when there is something to answer."""

import errno
import ipaddress
import os
import socket
from contextlib import suppress
from dataclasses import dataclass

from rnnbuild.errors import ArgumentError

BACKLOG = 2_048
"""Connections that the system holds until they are accepted."""
HOSTS = "127.0.0.1 is reached from this machine alone, 0.0.0.0 is every address of it"


@dataclass(frozen=True, eq=False)
class Address:
    """A host's port, taken on each address that the host has: `localhost` may have two."""

    host: str
    sockets: list[socket.socket]

    @property
    def port(self) -> int:
        return int(self.sockets[0].getsockname()[1])

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        hosts = [taken.getsockname()[0] for taken in self.sockets]
        return all(ipaddress.ip_address(host.partition("%")[0]).is_loopback for host in hosts)

    def __str__(self) -> str:
        return (
            f"http://[{self.host}]:{self.port}"
            if ":" in self.host
            else f"http://{self.host}:{self.port}"
        )

    def listen(self, seconds: float) -> None:
        """Has the system accept connections, and end those whose client has not taken what was
        sent for so many seconds. Raises ArgumentError where it refuses to."""
        try:
            for taken in self.sockets:
                if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; connections have it from here
                    taken.setsockopt(
                        socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1_000 * seconds)
                    )
                taken.listen(BACKLOG)
        except OSError as error:  # another process took the same port and listens already
            raise not_taken(self.host, self.port, error) from None

    def close(self) -> None:
        for taken in self.sockets:
            taken.close()


def take_address(host: str, port: int) -> Address:
    """Takes a host's port; 0 is a free one. Raises ArgumentError where that is impossible."""
    sockets: list[socket.socket] = []
    try:
        for family, place in places_of(host):
            taken = socket.socket(family, socket.SOCK_STREAM)
            sockets.append(taken)
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                # `::` is every address of this machine, those of IPv4 too.
                taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(place != "::"))
            # One free port for all of them: the one that the first was given.
            taken.bind((place, sockets[0].getsockname()[1] if len(sockets) > 1 else port))
    except OSError as error:
        for taken in sockets:
            taken.close()
        raise not_taken(host, port, error) from None
    return Address(host, sockets)


def places_of(host: str) -> list[tuple[int, str]]:
    """Each address of a host, after its family. Raises ArgumentError for a name without any."""
    try:
        entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise ArgumentError(
            f"`--host {host}` is not an address of this machine: the name is unknown", HOSTS
        ) from None
    return list(dict.fromkeys((int(family), str(place[0])) for family, *_, place in entries))


def not_taken(host: str, port: int, error: OSError) -> ArgumentError:
    """Why a port could not be taken, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return ArgumentError(
            f"port {port} of {host} is in use by another program",
            "choose another with --port; --port 0 takes a free one",
        )
    if error.errno == errno.EACCES:
        return ArgumentError(
            f"port {port} may only be used by the system's administrator",
            "choose one from 1024 on: --port 8000",
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return ArgumentError(
            f"`--host {host}` is not an address of this machine",
            HOSTS,
        )
    reason = os.strerror(error.errno) if error.errno else str(error)
    return ArgumentError(
        f"cannot listen on port {port} of {host}: {reason}", "choose another: --host and --port"
    )


def allow_open_files(number: int) -> None:
    """Raises this process' limit of open files, as far as the system lets it; many systems start
    a process with 1,024, and each connection is one."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = number if hard == resource.RLIM_INFINITY else min(number, hard)
        if soft != resource.RLIM_INFINITY and soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
