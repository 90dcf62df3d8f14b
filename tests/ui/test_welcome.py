"""The card of the first start, in the real window."""

from PySide6.QtWidgets import QScrollArea

from phidesk.app import App
from phidesk.core.settings import SettingsFile
from phidesk.ui.settings.welcome import Welcome
from tests.ui.conftest import RunApp, until


def _card(app: App) -> Welcome | None:
    return app.window.chat_pane.empty.findChild(Welcome)


def test_the_first_start_offers_what_can_be_chosen_and_waits_for_nobody(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.resize(1280, 800)
        app.start("starter")
        await until(lambda: _card(app) is not None)
        card = _card(app)
        assert card is not None
        assert card.isVisible()
        assert app.window.focusWidget() is app.window.chat_pane.composer.input
        area = card.findChild(QScrollArea, "steps")
        assert area is not None
        heights = []
        for step in range(3):
            assert card.step == step
            await until(lambda: area.height() == area.sizeHint().height())
            assert area.verticalScrollBar().maximum() == 0
            heights.append(area.height())
            card.next.click()
        assert heights[0] < heights[2], "a short step leaves no gap"
        card.back.click()
        card.next.click()
        assert not SettingsFile().load().first_run_done
        card.next.click()
        await until(lambda: _card(app) is None)
        assert SettingsFile().load().first_run_done

    run_app(body)


def test_it_is_passed_over_at_once_and_never_comes_again(run_app: RunApp) -> None:
    async def skip(app: App) -> None:
        app.window.resize(1280, 800)
        app.window.show()
        app.window.warm_up()
        card = _card(app)
        assert card is not None
        card.skip.click()
        await until(lambda: _card(app) is None)
        assert app.window.focusWidget() is app.window.chat_pane.composer.input
        app.window.warm_up()
        assert _card(app) is None

    async def again(app: App) -> None:
        app.window.show()
        app.window.warm_up()
        assert _card(app) is None

    run_app(skip)
    run_app(again)


def test_a_small_window_has_room_for_the_chat_first(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.resize(760, 480)
        app.window.show()
        app.window.warm_up()
        card = _card(app)
        assert card is not None
        assert not card.isVisible()
        app.window.resize(1280, 800)
        await until(card.isVisible)

    run_app(body)
