"""The one connection on which the database rings."""

import asyncio
import logging

import psycopg

from giliran.live.events import NotAnEvent, read
from giliran.live.hub import Hub

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
LIVES_EVERY_SECONDS = 15.0
"""A wire may be dead without a word; and whoever watches must know that somebody listens."""

LIVES = """
INSERT INTO figures_pulse (name, seen_at) VALUES ('live', now())
ON CONFLICT (name) DO UPDATE SET seen_at = now()
"""

BREATHE_AFTER_EVENTS = 16
"""A long transaction rings hundreds of times at once: let the streams write in between, or
readers who are not slow at all would be told that they are."""


async def listen(url: str, hub: Hub) -> None:
    """Hand every notification to the hub, coming back after every break, until cancelled.

    `url` must lead to PostgreSQL itself or to a pooler in session mode: LISTEN belongs to
    a session, and transaction pooling would lose it without a word.
    """
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(
                url, autocommit=True, connect_timeout=5, application_name="giliran live"
            )
            async with connection:
                await connection.execute("LISTEN giliran")
                hub.begin_to_listen()
                log.info("Listening to the database.")
                pause = FIRST_PAUSE_SECONDS
                await _pass_on(connection, hub)
        except (psycopg.Error, OSError) as error:
            log.warning("The database is out of reach; trying again. %s", error)
        except Exception:  # whatever went wrong, a bell that is deaf for good is worse
            log.exception("The bell stumbled; starting anew.")
        finally:
            hub.stop_listening()
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def _pass_on(connection: psycopg.AsyncConnection[tuple[object, ...]], hub: Hub) -> None:
    taken = 0
    while True:
        async with asyncio.timeout(5):
            await _note_alive(connection)
        async for notification in connection.notifies(timeout=LIVES_EVERY_SECONDS):
            try:
                hub.take(read(notification.payload))
            except NotAnEvent as refusal:
                log.warning("%s", refusal)
            taken += 1
            if taken % BREATHE_AFTER_EVENTS == 0:
                await asyncio.sleep(0)


async def _note_alive(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
    """Ask the database whether it is there, by telling it that we are."""
    try:
        await connection.execute(LIVES)
    except psycopg.ProgrammingError as error:  # its tables are older than we: the bell still rings
        log.debug("Nobody can know that the bell is alive. %s", error)
