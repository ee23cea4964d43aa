"""What every command uses: printing, failing in one sentence, settings, and the configured store."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from meetings import language
from meetings.app import make_store
from meetings.rules.refusals import Refused
from meetings.settings import Settings, WrongSetting, read_settings
from meetings.storage.migrate import migrate as migrate_schema

out = Console()
err = Console(stderr=True)
Answer = TypeVar("Answer")


def fail(sentence: str) -> NoReturn:
    """One sentence on standard error, exit code 1."""
    err.print(f"meetings: {sentence}", style="red", highlight=False, markup=False, soft_wrap=True)
    sys.exit(1)


def run(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a coroutine; refusals become a sentence and exit code 1."""
    try:
        return asyncio.run(work)
    except Refused as refusal:
        fail(str(refusal))
    except (SQLAlchemyError, OSError) as failure:
        fail(f"the database could not be used: {str(failure).splitlines()[0]}")


def settings_now() -> Settings:
    """The settings, or one sentence about the wrong one."""
    try:
        settings = read_settings()
    except WrongSetting as wrong:
        fail(str(wrong))
    language.speak("en", settings.timezone)
    return settings


def with_store(act: Any) -> Any:
    """Run something on the configured database, its schema brought up to date first on SQLite."""
    settings = settings_now()

    async def whole() -> Any:
        if settings.sqlite:
            await migrate_schema(settings.database_url)
        store = make_store(settings)
        try:
            return await act(store)
        finally:
            await store.close()

    return run(whole())
