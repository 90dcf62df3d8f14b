"""What is asked of a load, and what may come of it instead of a model."""

import msgspec

from phidesk.core.engines import EngineName
from phidesk.core.load_options import LoadOptions
from phidesk.core.models import ModelRef
from phidesk.protocol.events import FailureKind
from phidesk.viewmodels.memory import MemoryReturn


class LoadRequest(msgspec.Struct, frozen=True):
    """What the user asked to load; engine None means: the best installed one.

    anyway: also where phidesk estimates that there is too little memory.
    """

    model: ModelRef
    engine: EngineName | None = None
    context_length: int | None = None
    without_code: bool = False
    anyway: bool = False
    options: LoadOptions = LoadOptions()


class Failure(msgspec.Struct, frozen=True):
    """What went wrong, for the banner: words, and details for "Copy diagnostics".

    retry: the same load with a context that would fit; anyway: as it is. returned: what the end
    of the worker gave back, where that was measured.
    """

    kind: FailureKind
    message: str
    details: str = ""
    retry: LoadRequest | None = None
    anyway: LoadRequest | None = None
    returned: MemoryReturn | None = None

    @property
    def needs_consent(self) -> bool:
        """Whether the model is loaded once the user agrees to what was found in it."""
        return self.kind.needs_consent

    @property
    def diagnostics(self) -> str:
        """All that a report of it should hold."""
        return f"{self.message}\n\n{self.details}".strip()
