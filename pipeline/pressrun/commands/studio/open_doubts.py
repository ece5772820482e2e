"""Pictures that were asked for and perhaps charged, without one to show for it, as pages tell of them."""

from __future__ import annotations

from dataclasses import dataclass

from pressrun.commands.studio.campaign import Campaign
from pressrun.language.names import picture_name, run_name
from pressrun.model.errors import PressrunError
from pressrun.model.journal import Attempt


@dataclass(frozen=True, slots=True)
class Doubt:
    """An attempt that perhaps was charged, as pages tell it: of which picture and row, for how much, in which run."""

    id: int
    picture: str
    row: str
    maker: str
    price_usd: float | None
    run: str


def doubts_of(campaign: Campaign) -> list[Doubt]:
    """Those of a campaign, the oldest first; none where its journal cannot be read, which is told elsewhere."""
    try:
        attempts = campaign.journal.open_attempts()
    except PressrunError:
        return []
    return [_told(one) for one in attempts if one.standing == "unknown"]


def _told(one: Attempt) -> Doubt:
    detail = one.detail
    name = picture_name(str(detail.get("slot") or ""), str(detail.get("master") or ""))
    price = None if one.quoted_usd is None else float(one.quoted_usd)
    maker = f"{one.provider} {one.model}".strip()
    return Doubt(one.id, name, str(detail.get("row") or ""), maker, price, run_name(one.run))
