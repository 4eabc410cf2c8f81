"""Addresses: taken, shared, refused, each refusal by one error."""

import errno
import os
import socket

import pytest

from rnnbuild.errors import ArgumentError
from rnnbuild.serving.address import not_taken, take_address


def test_a_free_port_is_taken_and_named() -> None:
    address = take_address("127.0.0.1", 0)
    address.listen(1)
    assert str(address) == f"http://127.0.0.1:{address.port}"
    socket.create_connection(("127.0.0.1", address.port)).close()
    address.close()


def test_nobody_is_let_in_before_there_is_something_to_answer() -> None:
    address = take_address("127.0.0.1", 0)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", address.port))
    address.close()


def test_localhost_is_one_port_on_each_of_its_addresses() -> None:
    address = take_address("localhost", 0)
    assert {taken.getsockname()[1] for taken in address.sockets} == {address.port}
    assert address.is_loopback
    address.close()


def test_ipv6_has_brackets_and_its_any_address_is_ipv4_s_too() -> None:
    address = take_address("::1", 0)
    assert str(address) == f"http://[::1]:{address.port}"
    assert address.is_loopback
    address.close()
    address = take_address("::", 0)
    address.listen(1)
    assert not address.is_loopback
    socket.create_connection(("127.0.0.1", address.port)).close()
    address.close()


def test_a_port_in_use_is_one_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ArgumentError, match=f"port {port} of 127.0.0.1 is in use") as caught:
            take_address("127.0.0.1", port)
    assert caught.value.problems[0].hint == "choose another with --port; --port 0 takes a free one"


def test_two_that_start_at_once_do_not_both_get_a_port() -> None:
    first = take_address("127.0.0.1", 0)
    try:
        second = take_address("127.0.0.1", first.port)
    except ArgumentError:
        return
    finally:
        first.listen(1)
    with pytest.raises(ArgumentError, match="is in use"):
        second.listen(1)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "", "a..b", "x" * 70, "127.0.0.1:80"])
def test_an_unknown_host_is_one_error(host: str) -> None:
    with pytest.raises(ArgumentError, match="the name is unknown"):
        take_address(host, 0)


def test_another_machine_s_address_is_one_error() -> None:
    with pytest.raises(
        ArgumentError, match=r"`--host 192\.0\.2\.1` is not an address of this machine"
    ):
        take_address("192.0.2.1", 0)  # kept for documentation, RFC 5737


def test_a_privileged_port_is_one_error() -> None:
    # Root may take each, so the system's answer is made up.
    error = not_taken("127.0.0.1", 80, OSError(errno.EACCES, os.strerror(errno.EACCES)))
    assert "port 80 may only be used by the system's administrator" in str(error)


def test_connections_have_the_time_in_which_a_client_must_take_an_answer() -> None:
    address = take_address("127.0.0.1", 0)
    address.listen(1.5)
    with socket.create_connection(("127.0.0.1", address.port)):
        accepted, _ = address.sockets[0].accept()
        timeout = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        accepted.close()
    address.close()
    assert timeout == 1_500
