"""Outward: which addresses may be spoken to. Everything that leaves the machine asks here first.

Sources, their feeds and the links that lead on from them are written by others: none of them may make Kuulo speak to
the machines of the municipality's own network, to this machine, or to the cloud's own services behind it.
"""

import ipaddress
import socket

from kuulo.hear.trouble import Trouble

# What the standard library calls private and a municipality may mean all the same, where a person says so.
_NEVER = tuple(
    ipaddress.ip_network(net)
    for net in ("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "fe80::/10", "ff00::/8", "::/128")
)
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def address_of(host: str, port: int, *, own_network: bool = False) -> str:
    """Give the one address to connect to: looked up once, so that no later answer can lead elsewhere.

    ``own_network``: a person said that this source stands in the municipality's own network, so private addresses
    and this machine are meant. Raises Trouble: "no-such-host" (retry) or "address-not-allowed" (settings).
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Trouble("retry", "no-such-host", host=host[:100]) from error
    addresses = [str(entry[4][0]) for entry in found]
    # one forbidden answer is enough: a name that leads to both is made to deceive
    if any(not _allowed(address, own_network=own_network) for address in addresses):
        raise Trouble("settings", "address-not-allowed", host=host[:100])
    return addresses[0]


def _allowed(text: str, *, own_network: bool) -> bool:
    address = _meant(ipaddress.ip_address(text.partition("%")[0]))
    if any(address.version == net.version and address in net for net in _NEVER):
        return False
    return own_network or address.is_global


def _meant(address: Address) -> Address:
    """Give the IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
