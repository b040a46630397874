"""Whose address it is, and which network is around it."""

from __future__ import annotations

import pytest

from portal.core.networks import network_of, sender_of


@pytest.mark.parametrize(
    ("address", "sender", "network"),
    [
        ("192.0.2.77", "192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1", "fe80::/64", "fe80::/48"),
        ("not an address", "unknown", "unknown"),
        ("", "unknown", "unknown"),
    ],
)
def test_senders_and_networks(address: str, sender: str, network: str) -> None:
    assert sender_of(address) == sender
    assert network_of(sender) == network


def test_neighbours_share_a_network_and_strangers_do_not() -> None:
    one, two, far = (network_of(sender_of(a)) for a in ("10.1.2.3", "10.1.2.250", "10.1.3.3"))
    assert one == two != far
