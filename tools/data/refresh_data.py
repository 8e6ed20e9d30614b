"""Bring in what AWS has delivered since."""

from typing import Annotated, Any

from pydantic import Field

from finops_mcp import Answer, NextStep, Progress, Refresher, tool


class RefreshData(Answer):
    """What was found and what was loaded."""


@tool("Bring in what AWS has delivered since.", writes=True, open_world=True)
def refresh_data(
    refresher: Refresher,
    progress: Progress,
    *,
    download_up_to_gb: Annotated[
        float | None, Field(description="Most GB to download without asking the user.", gt=0)
    ] = None,
) -> RefreshData:
    """Look where the exports come from, load what is new, publish it; answers change only when it is whole.

    Where exports come from is set when the server starts, never by a caller.
    """
    done = refresher.refresh(progress=progress, download_up_to_gb=download_up_to_gb or refresher.ask_above_gb)
    rows: list[list[Any]] = [
        ["deliveries found", done.deliveries],
        ["deliveries loaded", done.loaded],
        ["bytes read", done.fetched_bytes],
    ]
    return RefreshData(
        summary=f"{done.loaded} of {done.deliveries} deliveries below {done.source} were new and are loaded."
        if done.loaded
        else f"Nothing new below {done.source}: all {done.deliveries} deliveries were loaded already.",
        columns=["what", "count"],
        rows=rows,
        totals={},
        total_rows=len(rows),
        truncated=False,
        caveats=[*done.passed_over, *(f"kept no longer: {what}" for what in done.let_go)],
        next=[NextStep(tool="data_status", arguments={}, why="what the cache holds now")],
    )
