"""A contact as a vCard 3.0 (RFC 2426), which every telephone reads."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from pressrun.layers.code.contents.base import Content, Said, in_a_line, lacking, told


class VCard(Content):
    """A person, a company, or both; what a row leaves empty is left out."""

    TEMPLATES: ClassVar[tuple[str, ...]] = (
        "first", "last", "company", "title", "phone", "mobile", "email", "website", "street", "city", "region",
        "postcode", "country", "note",
    )  # fmt: skip

    first: str | None = Field(default=None, description="The first name: a template, as all keys of a contact.")
    last: str | None = Field(default=None, description="The family name.")
    company: str | None = Field(default=None, description="The company.")
    title: str | None = Field(default=None, description="What they do there.")
    phone: str | None = Field(default=None, description="The number at work, best with its country: +44 20 …")
    mobile: str | None = Field(default=None, description="The number of their mobile telephone.")
    email: str | None = Field(default=None, description="The e-mail address.")
    website: str | None = Field(default=None, description="The address of a website.")
    street: str | None = Field(default=None, description="Street and number.")
    city: str | None = Field(default=None, description="The city.")
    region: str | None = Field(default=None, description="The state or region.")
    postcode: str | None = Field(default=None, description="The postcode.")
    country: str | None = Field(default=None, description="The country.")
    note: str | None = Field(default=None, description="What else is to be known. It makes the code finer.")

    def encoded(self, said: Said) -> str:
        of = {name: in_a_line(told(said, name)) for name in self.TEMPLATES}
        name = " ".join(part for part in (of["first"], of["last"]) if part)
        if not name and not of["company"]:
            raise lacking("the contact has no name and no company")
        lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{of['last']};{of['first']};;;", f"FN:{name or of['company']}"]
        for key, value in (
            ("ORG", of["company"]), ("TITLE", of["title"]), ("TEL;TYPE=WORK,VOICE", of["phone"]),
            ("TEL;TYPE=CELL", of["mobile"]), ("EMAIL", of["email"]), ("URL", of["website"]),
        ):  # fmt: skip
            if value:
                lines.append(f"{key}:{value}")
        place = [of[part] for part in ("street", "city", "region", "postcode", "country")]
        if any(place):
            lines.append(f"ADR;TYPE=WORK:;;{';'.join(place)}")
        if of["note"]:
            lines.append(f"NOTE:{of['note']}")
        return "\r\n".join([*lines, "END:VCARD", ""])
