"""What the user agreed to: one model at one revision each, until it changes or is revoked."""

from datetime import date

import msgspec

from phidesk.core.trust import Answer, Trust


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """A kept consent; found: what the user was told. given: the day, as YYYY-MM-DD."""

    name: str
    source: str
    revision: str
    digest: str
    given: str
    found: tuple[str, ...] = ()


def make_consent(trust: Trust, today: date) -> Consent:
    """Return the consent to what was found in a model."""
    asked = [finding for finding in trust.findings if finding.answer is Answer.ASKED]
    return Consent(
        name=trust.name,
        source=trust.source,
        revision=trust.revision,
        digest=trust.digest,
        given=today.isoformat(),
        found=tuple(f"{finding.what} ({finding.where})" for finding in asked),
    )


def is_agreed(consents: dict[str, Consent], trust: Trust) -> bool:
    """Return whether a kept consent is about this model as it is now.

    The digest decides: a file that was changed voids the consent, whatever the commit says.
    """
    kept = consents.get(trust.key)
    return kept is not None and kept.digest == trust.digest and not trust.is_refused
