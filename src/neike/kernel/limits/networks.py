"""Which network a request comes from, believing only as many proxies as we have set up ourselves."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

_UNKNOWN = "unknown"


def client_network(request: HttpRequest) -> str:
    """Return the client's IPv4 address or IPv6 /64, or "unknown".

    With `PROXY_HOPS` = n > 0 the n-th address from the right of X-Forwarded-For counts: what stands further
    left was written by the client. A list shorter than that did not come through our proxies.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    hops = settings.PROXY_HOPS
    if hops < 1:
        return network_of(peer)
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return network_of(forwarded[-hops] if len(forwarded) >= hops else peer)


def network_of(address: str) -> str:
    """Return the address that counts: IPv4 as it is (also when mapped into IPv6), IPv6 by its /64."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return _UNKNOWN
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(IPv6Network((int(found) >> 64 << 64, 64)))
    return str(found)
