"""Whose address it is, for limits: never stored, only hashed."""

from __future__ import annotations

import ipaddress


def sender_of(address: str) -> str:
    """Whom a limit of one sender means: the IPv4 address, or the /64 of an IPv6 one, which a
    single household has. Behind either may stand an office or a waiting room."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def network_of(sender: str) -> str:
    """The network around a sender, of which one person may hold many addresses: the /24 of IPv4,
    the /48 of IPv6. A carrier puts thousands of telephones there, so its limits must be wide."""
    try:
        found = ipaddress.ip_network(sender)
    except ValueError:
        return sender
    wide = 24 if found.version == 4 else 48
    return str(found.supernet(new_prefix=wide)) if found.prefixlen > wide else str(found)
