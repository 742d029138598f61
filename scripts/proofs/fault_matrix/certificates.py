"""Certificates of an authority that only the tests use."""

import ssl
from datetime import UTC, datetime, timedelta
from functools import cache

import trustme


@cache
def _authority(name: str) -> trustme.CA:
    return trustme.CA(organization_name=name)


@cache
def server_context(
    authority: str = "trusted", *, host: str = "127.0.0.1", days: int = 1, ask_client: bool = False
) -> ssl.SSLContext:
    """Return the TLS context of a server: with an authority, a name, and a period of validity."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ends = datetime.now(UTC) + timedelta(days=days)
    starts = min(datetime.now(UTC), ends) - timedelta(days=2)
    certificate = _authority(authority).issue_cert(host, not_before=starts, not_after=ends)
    certificate.configure_cert(context)
    if ask_client:
        context.verify_mode = ssl.CERT_REQUIRED
        _authority("trusted").configure_trust(context)
    return context


@cache
def client_context(*, with_certificate: bool = False) -> ssl.SSLContext:
    """Return the TLS context of a client, with or without a certificate of its own."""
    context = ssl.create_default_context()
    _authority("trusted").configure_trust(context)
    if with_certificate:
        _authority("trusted").issue_cert("client.example").configure_cert(context)
    return context


def authority_pem(authority: str = "trusted") -> bytes:
    return _authority(authority).cert_pem.bytes()
