"""Forms read, and what tests look for in them."""

from __future__ import annotations

from form_kit import Form
from pikepdf import Dictionary, Name

from pressrun.designs.form_pdf import read_form
from pressrun.model.design import Design, DesignFile, DesignPart, TextPart

AT = (20.0, 150.0, 140.0, 170.0)


def read(form: Form | bytes, page: int | None = 1) -> Design:
    return read_form(DesignFile("form.pdf", "form", form if isinstance(form, bytes) else form.bytes(), page))


def part(design: Design, id: str) -> DesignPart:
    return next(one for one in design.parts if one.id == id)


def text(design: Design, id: str = "name") -> TextPart:
    found = part(design, id)
    assert isinstance(found, TextPart)
    return found


def samples(design: Design) -> dict[str, str]:
    return {column.name: column.sample for column in design.columns}


def codes(design: Design) -> list[tuple[str, str | None]]:
    return [(note.code, note.layer) for note in design.notes]


def switch(form: Form, at: tuple[float, float, float, float], state: str, on: bool, **keys: object) -> None:
    looks = {
        name: form.appearance((at[2] - at[0], at[3] - at[1]), 0, f"0 g 0 0 {5 if name == 'Off' else 9} 9 re f")
        for name in (state, "Off")
    }
    shown = Dictionary(N=Dictionary({f"/{name}": look for name, look in looks.items()}))
    form.widget(at, AP=shown, AS=Name(f"/{state if on else 'Off'}"), **keys)
