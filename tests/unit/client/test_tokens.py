"""The token in a keyring, in a session, and in the environment."""

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from phidesk.client.tokens import Kept, TokenStore

TOKEN = "hf_secret"  # noqa: S105 - it opens nothing


class DictKeyring(KeyringBackend):
    """A keyring that lasts as long as the test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class BrokenKeyring(DictKeyring):
    """A keyring whose service does not answer."""

    def get_password(self, service: str, username: str) -> str | None:
        raise TimeoutError

    set_password = delete_password = get_password  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def backend() -> Iterator[DictKeyring]:
    before = keyring.get_keyring()
    made = DictKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_a_token_is_kept_in_the_keyring_and_forgotten(backend: DictKeyring) -> None:
    store = TokenStore({})
    assert store.load() == ("", Kept.NOWHERE)
    assert store.save(f" {TOKEN}\n") is Kept.KEYRING
    assert backend.held == {("phidesk", "huggingface.co"): TOKEN}
    assert TokenStore({}).load() == (TOKEN, Kept.KEYRING)
    assert store.save("") is Kept.NOWHERE
    assert store.save("") is Kept.NOWHERE
    assert (backend.held, store.load()) == ({}, ("", Kept.NOWHERE))


@pytest.mark.parametrize("kind", [fail.Keyring, null.Keyring, BrokenKeyring])
def test_without_a_keyring_it_is_kept_for_this_session(kind: type[KeyringBackend]) -> None:
    keyring.set_keyring(kind())
    store = TokenStore({})
    assert store.save(TOKEN) is Kept.SESSION
    assert store.load() == (TOKEN, Kept.SESSION)
    assert TokenStore({}).load() == ("", Kept.NOWHERE)
    assert store.save("") is Kept.NOWHERE
    assert store.load() == ("", Kept.NOWHERE)


def test_the_environment_comes_first() -> None:
    store = TokenStore({"HF_TOKEN": "hf_other"})
    store.save(TOKEN)
    assert store.load() == ("hf_other", Kept.ENVIRONMENT)
