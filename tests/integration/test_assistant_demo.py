"""The canned model that one runs by hand answers the real prompts usefully."""

import pytest

from tests.integration.test_assistant_runs import ask, running
from tests.scripted_models import demo
from tests.unit.assistant.doubles import MemoryTexts

pytestmark = pytest.mark.filterwarnings("ignore:Accessing the 'model_:DeprecationWarning")


async def test_the_canned_model_fixes_and_explains() -> None:
    async with running({"scripted-coder": demo}, MemoryTexts(app_js="let a = 1;\nif (a == 1) b();\n")) as here:
        run = await here.ended(ask("fix"))
        assert run.state == "done", run.error
        assert here.texts.after() == "let a = 1;\nif (a === 1) b();\n"
        assert "2 lines" in str((await here.ended(ask("explain"))).answer)


async def test_where_nothing_is_wrong_the_run_says_so_and_proposes_nothing() -> None:
    async with running({"scripted-coder": demo}, MemoryTexts(app_js="let a = 1;\n")) as here:
        run = await here.ended(ask("fix"))
        assert (run.state, run.note, run.suggestion) == ("done", "Nothing is wrong here.", None)


async def test_an_empty_file_is_generated_as_a_whole() -> None:
    async with running({"scripted-coder": demo}, MemoryTexts(app_js="")) as here:
        run = await here.ended(ask("generate", instruction="a greeting"))
        assert run.state == "done", run.error
        assert here.texts.after() == "<h1>Hello</h1>\n"
