"""What the panes around a prompt need, in one parcel."""

import msgspec

from phidesk.viewmodels.answerer import Answerer
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.chat_options import ChatOptionsViewModel
from phidesk.viewmodels.context_fit import ContextFit
from phidesk.viewmodels.context_meter import ContextMeter
from phidesk.viewmodels.draft import DraftViewModel
from phidesk.viewmodels.drafts import Drafts
from phidesk.viewmodels.engine_session import EngineSession
from phidesk.viewmodels.presets import PresetsViewModel
from phidesk.viewmodels.prompt_library import PromptLibraryViewModel


class Prompting(msgspec.Struct, frozen=True, kw_only=True):
    """The chats, the message that is being written, and all that shapes the prompt."""

    session: EngineSession
    answerer: Answerer
    chat: ChatViewModel
    draft: DraftViewModel
    drafts: Drafts
    context: ContextFit
    meter: ContextMeter
    options: ChatOptionsViewModel
    presets: PresetsViewModel
    prompts: PromptLibraryViewModel
