"""The user's access token for the Hugging Face Hub, kept in the system's keyring."""

import os
from collections.abc import Mapping
from enum import StrEnum

_SERVICE, _USER = "phidesk", "huggingface.co"


class Kept(StrEnum):
    """Where the token is."""

    NOWHERE = "nowhere"
    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    SESSION = "session"
    """in this process only, because the system has no keyring that can be used"""


class TokenStore:
    """Reads and writes the token; may wait for the user to unlock the keyring.

    So not for a thread that draws. keyring is imported with the first look: few need it.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self._session = ""

    def load(self) -> tuple[str, Kept]:
        """Return the token ("" for none) and where it is; HF_TOKEN comes before all others."""
        if token := self._environment.get("HF_TOKEN", "").strip():
            return token, Kept.ENVIRONMENT
        if self._session:
            return self._session, Kept.SESSION
        token = _from_keyring()
        return token, Kept.KEYRING if token else Kept.NOWHERE

    def save(self, token: str) -> Kept:
        """Keep a token, "" to forget it; returns where it is from now on."""
        token, self._session = token.strip(), ""
        if not token:
            _forget()
            return Kept.NOWHERE
        if _to_keyring(token):
            return Kept.KEYRING
        self._session = token
        return Kept.SESSION


# Backends raise what their own libraries do, not only keyring's errors: whatever it is, there is
# no keyring then.


def _from_keyring() -> str:
    try:
        import keyring

        return keyring.get_password(_SERVICE, _USER) or ""
    except Exception:
        return ""


def _to_keyring(token: str) -> bool:
    try:
        import keyring

        keyring.set_password(_SERVICE, _USER, token)
    except Exception:
        return False
    return _from_keyring() == token  # one backend forgets everything without a word


def _forget() -> None:
    try:
        import keyring

        keyring.delete_password(_SERVICE, _USER)
    except Exception:
        return
