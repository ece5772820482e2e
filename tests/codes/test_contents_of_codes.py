"""What codes say by keys is read back by the libraries of those who read vCards and calendars, whatever is in a cell."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import iban as ibans
from stdnum.iso7064 import mod_97_10

from pressrun.layers.code.contents import Content, Event, Payment, Url, VCard, Wifi
from pressrun.model.composition import CannotCompose

# What a cell may have once its controls are gone, besides a blank at its ends.
HOSTILE = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs")) | st.sampled_from(';,:\\"\n =^{}'), min_size=1,
    max_size=40,
).map(str.strip).filter(bool)  # fmt: skip


def encoded(content: Content, **said: str) -> str:
    """What a content says of a row that fills in these texts."""
    return content.encoded({**{one.name: one.text for one in content.templates()}, **said})


def refused(content: Content, **said: str) -> str:
    with pytest.raises(CannotCompose) as refusal:
        encoded(content, **said)
    return refusal.value.code


# ------------------------------------------------------------------------------------------------------- contacts


@given(HOSTILE, HOSTILE, HOSTILE)
@example("Müller; \\n", "قهوة, العربية", 'say "hi"\nthere')
def test_a_contact_comes_back_whatever_is_in_it(first: str, company: str, note: str) -> None:
    card = vobject.readOne(encoded(VCard(first="x", company="x", note="x"), first=first, company=company, note=note))
    assert card.n.value.given == first
    assert card.org.value == [company]
    assert card.note.value == note
    assert card.fn.value == first


def test_what_a_row_leaves_empty_is_left_out() -> None:
    said = VCard(first="Ada", last="Muster", phone="+49 30 1", mobile="", email="", city="Berlin", country="DE")
    assert encoded(said) == (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Muster;Ada;;;\r\nFN:Ada Muster\r\nTEL;TYPE=WORK,VOICE:+49 30 1\r\n"
        "ADR;TYPE=WORK:;;;Berlin;;;DE\r\nEND:VCARD\r\n"
    )


def test_a_company_needs_no_name_but_one_of_them_is_needed() -> None:
    assert vobject.readOne(encoded(VCard(company="Plain Good"))).fn.value == "Plain Good"
    assert refused(VCard(first="", email="a@b.example")) == "code-content-missing"


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x7f", "\x85"])
def test_characters_that_control_terminals_are_not_passed_on(control: str) -> None:
    said = encoded(VCard(first=f"A{control}da"))
    assert control not in said
    assert "FN:Ada" in said


# ------------------------------------------------------------------------------------------------- links, networks


@given(HOSTILE, HOSTILE)
@example("spring & summer", "a=b&c=d#e")
def test_parameters_come_back_behind_what_the_address_has(campaign: str, sku: str) -> None:
    url = Url(address="https://shop.example/p?x=1&y=%20#top", parameters={"utm_campaign": "x", "sku": "x"})
    parts = urlsplit(encoded(url, **{"parameters.utm_campaign": campaign, "parameters.sku": sku}))
    assert parse_qsl(parts.query) == [("x", "1"), ("y", " "), ("utm_campaign", campaign), ("sku", sku)]
    assert (parts.path, parts.fragment) == ("/p", "top")
    assert parts.geturl().isascii()


def test_a_parameter_that_is_there_already_is_replaced_and_an_empty_one_left_out() -> None:
    url = Url(address="https://a.example/?utm_source=web&id=7", parameters={"utm_source": "flyer", "utm_term": ""})
    assert encoded(url) == "https://a.example/?id=7&utm_source=flyer"


def test_addresses_are_written_in_what_every_telephone_reads() -> None:
    assert encoded(Url(address="HTTPS://müller.example/größe")) == (
        "https://xn--mller-kva.example/gr%C3%B6%C3%9Fe"
    )


@pytest.mark.parametrize("address", ["shop.example", "javascript:alert(1)", "https://", "http://a b.example", "https://[::1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    assert refused(Url(address=address)) == "code-bad-content"


def wifi_read(said: str) -> dict[str, str]:
    """As Android's scanner reads it: fields up to a semicolon that no backslash stands before."""
    fields = re.findall(r"([A-Z]):((?:\\.|[^;\\])*);", said.removeprefix("WIFI:"), re.DOTALL)
    return {name: re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL) for name, value in fields}


IN_A_LINE = HOSTILE.filter(lambda one: "\n" not in one)


@given(IN_A_LINE.filter(lambda name: len(name.encode()) <= 32), IN_A_LINE.filter(lambda one: 8 <= len(one.encode()) <= 63))
@example("Café; free", 'a;b,c:d"e\\f')
def test_a_network_comes_back_whatever_is_in_it(name: str, password: str) -> None:
    said = encoded(Wifi(network="x", password="x"), network=name, password=password)
    assert wifi_read(said) == {"T": "WPA", "S": name, "P": password}


@pytest.mark.parametrize(("content", "key", "named"), [
    (Url(address="https://a.example"), "address", "address"), (Wifi(network="a", password="x" * 8), "network", "name"),
    (Wifi(network="a", password="x" * 8), "password", "password"),
    (Event(title="a", start="2027-03-14", website="https://a.example"), "website", "address"),
    (Payment(name="A", iban="DE89370400440532013000"), "name", "name"),
])  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_what_is_one_line_is_not_broken_by_a_cell(content: Content, key: str, named: str, end: str) -> None:
    """Another key of a calendar would begin there, and a scanner would leave out or misread the rest."""
    with pytest.raises(CannotCompose, match=f"{named}.*several lines"):
        encoded(content, **{key: f"https://a.example/{end}ATTACH:x"})


def test_a_line_separator_ends_a_line_as_others_do() -> None:
    assert vobject.readOne(encoded(VCard(first="x", note="x"), note="one\u2028two")).note.value == "one\ntwo"


def test_open_and_hidden_networks_say_so() -> None:
    assert encoded(Wifi(network="Guests", security="open")) == "WIFI:T:nopass;S:Guests;;"
    assert wifi_read(encoded(Wifi(network="Staff", password="long enough", hidden=True)))["H"] == "true"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"network": "", "password": "long enough"}, "code-content-missing"),
        ({"network": "ü" * 17, "password": "long enough"}, "code-bad-content"),
        ({"network": "a", "password": "seven77"}, "code-bad-content"),
        ({"network": "a", "password": "x" * 64}, "code-bad-content"),
        ({"network": "a", "password": ""}, "code-content-missing"),
        ({"network": "a", "password": "x", "security": "open"}, "code-bad-content"),
    ],
)
def test_networks_that_no_telephone_joins(said: dict[str, Any], code: str) -> None:
    assert refused(Wifi(**said)) == code


# ------------------------------------------------------------------------------------------------------- payments

PAYMENT = Payment(name="Red Cross", iban="DE89 3704 0044 0532 0130 00", amount="12.3", text="Spende für Übersee")


def test_a_payment_is_as_the_european_payments_council_has_it() -> None:
    assert encoded(PAYMENT).split("\n") == [
        "BCD", "002", "1", "SCT", "", "Red Cross", "DE89370400440532013000", "EUR12.30", "", "", "Spende für Übersee",
    ]  # fmt: skip


@pytest.mark.parametrize(("amount", "written"), [("0.01", "EUR0.01"), ("12", "EUR12.00"), ("12,50 €", "EUR12.50"), ("EUR 7.5", "EUR7.50"), ("5 EUR", "EUR5.00"), ("€5", "EUR5.00"), ("999999999.99", "EUR999999999.99"), ("", "")])
def test_amounts(amount: str, written: str) -> None:
    assert encoded(PAYMENT, amount=amount).split("\n")[7] == written


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "0"), ("amount", "1000000000"), ("amount", "12.345"), ("amount", "1,234.50"), ("amount", "-3"),
        ("amount", "twelve"), ("iban", "DE88370400440532013000"), ("iban", "DE8937040044053201300"), ("iban", "x"),
        ("bic", "COBADEF"), ("name", "n" * 71), ("text", "t" * 141), ("note", "n" * 71), ("text", "two\nlines"),
        ("purpose", "CHARITY"), ("reference", "RF19539007547034"),
        ("iban", "IL62 0108 0000 0009 9999 999"), ("iban", "BR15 0000 0000 0000 1093 2840 814P 2"),  # not of SEPA
    ],
)  # fmt: skip
def test_what_a_bank_would_refuse_is_refused(field: str, value: str) -> None:
    asked = Payment(**{**PAYMENT.model_dump(exclude_none=True), field: "x"})
    said = {field: value, **({"text": ""} if field == "reference" else {})}
    assert refused(asked, **said) == "code-bad-content"


def test_all_fields_have_their_lines() -> None:
    asked = Payment(
        name="A", iban="NL02ABNA0123456789", bic="ABNANL2A", amount="1", purpose="char", reference="RF18 5390 0754 7034",
        note="Thanks",
    )  # fmt: skip
    assert encoded(asked).split("\n")[4:] == [
        "ABNANL2A", "A", "NL02ABNA0123456789", "EUR1.00", "CHAR", "RF18539007547034", "", "Thanks",
    ]  # fmt: skip


@given(st.from_regex(r"[0-9]{18}", fullmatch=True), st.integers(0, 99))
@example("401300958220836041", 0)  # leaves the same rest as 97, which is right
def test_the_check_digits_of_an_iban_are_the_ones_that_are_told(number: str, wrong: int) -> None:
    right = ibans.calc_check_digits(f"DE00{number}")
    if right == f"{wrong:02}":
        assert f"DE{right}{number}" in encoded(PAYMENT, iban=f"DE{right}{number}")
        return
    with pytest.raises(CannotCompose, match=f"should be {right}, not {wrong:02}"):
        encoded(PAYMENT, iban=f"DE{wrong:02}{number}")


@given(st.from_regex(r"[0-9A-Z]{1,21}", fullmatch=True), st.integers(0, 99))
@example("0000000054", 1)  # leaves the same rest as 98
def test_a_creditor_reference_has_the_check_digits_that_its_standard_gives(number: str, written: int) -> None:
    right = mod_97_10.calc_check_digits(f"{number}RF")
    reference = f"RF{written:02}{number}"
    if right == f"{written:02}":
        assert encoded(PAYMENT, text="", reference=reference).split("\n")[9] == reference
    else:
        assert refused(PAYMENT, text="", reference=reference) == "code-bad-content"


def test_a_payment_that_is_longer_than_the_standard_allows() -> None:
    assert refused(PAYMENT, name="ü" * 70, text="ü" * 140) == "code-bad-content"


# --------------------------------------------------------------------------------------------------------- events


def event_read(**said: str) -> Any:
    calendar = icalendar.Calendar.from_ical(encoded(Event(**said)))
    (event,) = calendar.walk("VEVENT")
    return event


@given(HOSTILE, HOSTILE)
@example("Tasting; with, all \\ of\nthem", "قهوة")
def test_an_event_comes_back_whatever_is_in_it(title: str, place: str) -> None:
    calendar = icalendar.Calendar.from_ical(
        encoded(Event(title="x", start="2027-03-14", place="x"), title=title, place=place)
    )
    (event,) = calendar.walk("VEVENT")
    assert (event["SUMMARY"], event["LOCATION"]) == (title, place)


def test_times_are_those_of_their_zone() -> None:
    summer = event_read(title="A", start="2027-07-14 19:00", end="2027-07-14 21:30", zone="Europe/Berlin")
    assert summer.start == datetime(2027, 7, 14, 17, 0, tzinfo=UTC)
    assert summer.end == datetime(2027, 7, 14, 21, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert event_read(title="A", start="2027-01-14 19:00", zone="Europe/Berlin").start.hour == 18
    assert event_read(title="A", start="2027-01-14T19:00").start == datetime(2027, 1, 14, 19, 0)
    assert event_read(title="A", start="2027-01-14T19:00+05:30").start == datetime(2027, 1, 14, 13, 30, tzinfo=UTC)


def test_whole_days_end_with_the_last_of_them() -> None:
    fair = event_read(title="Fair", start="2027-03-14", end="2027-03-16")
    assert (fair.start, fair.end) == (date(2027, 3, 14), date(2027, 3, 17))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"title": "", "start": "2027-03-14"}, "code-content-missing"),
        ({"title": "A", "start": ""}, "code-content-missing"),
        ({"title": "A", "start": "14.3.2027"}, "code-bad-content"),
        ({"title": "A", "start": "2027-03-14 19:00", "zone": "Berlin"}, "code-bad-content"),
        ({"title": "A", "start": "2027-03-14 19:00", "zone": "../etc/passwd"}, "code-bad-content"),
        ({"title": "A", "start": "2027-03-28 02:30", "zone": "Europe/Berlin"}, "code-bad-content"),
        ({"title": "A", "start": "2027-03-14 19:00", "end": "2027-03-15"}, "code-bad-content"),
        ({"title": "A", "start": "2027-03-14", "end": "2027-03-13"}, "code-bad-content"),
        ({"title": "A", "start": "2027-03-14 19:00+01:00", "end": "2027-03-14 20:00"}, "code-bad-content"),
    ],
)
def test_events_that_no_calendar_keeps(said: dict[str, str], code: str) -> None:
    assert refused(Event(**said)) == code
