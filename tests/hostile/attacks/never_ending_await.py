"""Await for ever and leave tasks in the event loop that go on between the cells.

says: timeout|Timeout|Cancelled
still: others, processes
"""
import asyncio

async def forever():
    while True:
        try:
            await asyncio.sleep(0.01)
        except BaseException:
            pass

background = asyncio.create_task(forever())
await forever()
