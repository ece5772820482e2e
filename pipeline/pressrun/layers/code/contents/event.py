"""An event as iCalendar has it (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from pressrun.layers.code.contents.base import Content, Said, in_a_line, lacking, told, told_in_a_line, wrong


class Event(Content):
    """What a telephone puts into its calendar: at a time, or on whole days."""

    TEMPLATES: ClassVar[tuple[str, ...]] = ("title", "start", "end", "zone", "place", "text", "website")

    title: str = Field(description="What takes place: a template, as all keys of an event.")
    start: str = Field(description="When it begins: 2027-03-14 19:00, or 2027-03-14 of one that takes whole days.")
    end: str | None = Field(default=None, description="When it ends; of whole days the last of them.")
    zone: str | None = Field(
        default=None,
        description="The time zone of its times, by its name: Europe/Berlin. Left out, they are those of the clock "
        "where the telephone is.",
    )
    place: str | None = Field(default=None, description="Where it takes place.")
    text: str | None = Field(default=None, description="What else is to be known. It makes the code finer.")
    website: str | None = Field(default=None, description="An address with more about it.")

    def encoded(self, said: Said) -> str:
        title, place = told(said, "title"), told(said, "place")
        if not title:
            raise lacking("the event has no title")
        if not told(said, "start"):
            raise lacking("the event has no time to begin at")
        zone = _zone(told(said, "zone"))
        start = _moment(told(said, "start"), zone)
        end = _moment(told(said, "end"), zone) if told(said, "end") else None
        if end and _kind(start) != _kind(end):
            raise wrong("an event begins and ends at a time, or on a day", "write both in the same way")
        if end and end < start:
            raise wrong(f"the event ends before it begins: {told(said, 'end')}", "write an end that is later")
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", f"SUMMARY:{in_a_line(title)}"]
        lines.append(f"DTSTART{_written(start)}")
        if end:
            last = end if isinstance(end, datetime) else end + timedelta(days=1)  # iCalendar's days end before this one
            lines.append(f"DTEND{_written(last)}")
        for key, value in (("LOCATION", place), ("DESCRIPTION", told(said, "text"))):
            if value:
                lines.append(f"{key}:{in_a_line(value)}")
        if website := told_in_a_line(said, "website", "the address of the event"):
            lines.append(f"URL:{website}")
        return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong(f"there is no time zone '{name}'", "write its name: Europe/Berlin, America/New_York") from None


def _moment(written: str, zone: ZoneInfo | None) -> date:
    """A day, or a time of one: in UTC, if it is of a zone."""
    try:
        day = date.fromisoformat(written) if len(written) == len("2027-03-14") else None
        moment = day or datetime.fromisoformat(written)
    except ValueError:
        raise wrong(f"'{written}' is no time", "write 2027-03-14 19:00, or 2027-03-14 of whole days") from None
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None and zone is not None:
        there = moment.replace(tzinfo=zone)
        if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
            when = f"{moment:%H:%M} on {moment:%Y-%m-%d}"
            message = f"there is no {when} in {zone.key}: its clocks are put forward then"
            raise wrong(message, "write a time that there is that night")
        moment = there
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def _kind(moment: date) -> str:
    if not isinstance(moment, datetime):
        return "day"
    return "floating" if moment.tzinfo is None else "fixed"


def _written(moment: date) -> str:
    if not isinstance(moment, datetime):
        return f";VALUE=DATE:{moment:%Y%m%d}"
    return f":{moment:%Y%m%dT%H%M%S}{'Z' if moment.tzinfo else ''}"
