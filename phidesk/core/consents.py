"""What the user agreed to: one model at one revision, until it changes or is revoked."""

import msgspec


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """A kept consent; see core.trust.

    found: what the user was told. given: the day, as YYYY-MM-DD.
    """

    name: str
    source: str
    revision: str
    digest: str
    given: str
    found: tuple[str, ...] = ()
