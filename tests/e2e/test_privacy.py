"""A chat with the starter model makes no connection beyond this machine."""

from phidesk.app import App
from phidesk.core.chat import SamplingParams
from phidesk.hardware.sampler import process_tree
from phidesk.viewmodels.engine_session import EngineState
from phidesk.viewmodels.privacy import Exposure
from tests.ui.conftest import RunApp, until


def test_loading_and_chatting_with_the_starter_model_counts_none(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.start()
        await until(lambda: app.session.state is EngineState.READY)
        app.chat.current.sampling = SamplingParams(temperature=0, max_tokens=40)
        app.chat.send("What is the capital of France?")
        await until(lambda: not app.chat.is_busy, timeout_s=60)
        assert app.session.worker_pid is not None
        ours = {process.pid for process in process_tree(app.session.worker_pid)}
        await until(lambda: ours <= app.privacy.watched)  # else nothing would be proved
        assert app.privacy.connections == ()
        assert app.privacy.exposure is Exposure.NONE
        assert app.privacy.unreadable == 0
        assert app.window.status.shield.text() == "0"

    run_app(body, fake=False)
