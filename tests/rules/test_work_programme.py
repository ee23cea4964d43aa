"""The work programme: periods, how entries stand, figures, and the table file."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.exchange.programme_file import COLUMNS, Row, period_text, read, written
from meetings.rules.refusals import Refused
from meetings.rules.work_programme import (
    Course,
    EntryState,
    Form,
    Period,
    Standing,
    figures,
    period_from,
    period_of,
    standing,
    submit_by,
)
from meetings.rules.working_days import ORDINARY, Calendar, is_working, working_days_between

YEAR = 2026
DAYS = st.dates(date(YEAR, 1, 1), date(YEAR, 12, 31))
PERIODS = st.one_of(
    st.integers(1, 4).map(lambda quarter: Period(YEAR, quarter=quarter)),
    st.integers(1, 12).map(lambda month: Period(YEAR, month=month)),
    DAYS.map(lambda day: Period(YEAR, day=day)),
)


@given(PERIODS)
def test_a_period_lies_in_its_year_and_shows_where_it_belongs(due: Period) -> None:
    assert date(YEAR, 1, 1) <= due.first <= due.last <= date(YEAR, 12, 31)
    assert period_from(due.code) == due
    quarter, month = due.part_of_year
    assert quarter == (due.last.month + 2) // 3 == (due.first.month + 2) // 3
    assert due.within(None, None)
    assert [due.within(one, None) for one in range(1, 5)] == [one == quarter for one in range(1, 5)]
    shown = [one for one in range(1, 13) if due.within(None, one)]
    assert shown == ([month] if month else list(range(3 * quarter - 2, 3 * quarter + 1)))


@given(DAYS)
def test_months_and_quarters_lie_side_by_side(day: date) -> None:
    """Every day of the year lies in exactly one month and one quarter."""
    months = [Period(YEAR, month=month) for month in range(1, 13)]
    quarters = [Period(YEAR, quarter=quarter) for quarter in range(1, 5)]
    for parts in (months, quarters):
        assert sum(one.first <= day <= one.last for one in parts) == 1
        assert all(one.last + timedelta(days=1) == after.first for one, after in pairwise(parts))


def test_the_finest_time_counts_and_it_lies_in_the_year() -> None:
    assert period_of(YEAR, 4, 3, date(YEAR, 5, 6)).code == "2026-05-06"
    assert period_of(YEAR, 1, 3, None).code == "2026-03"
    for wrong in (
        (None, None, None),
        (5, None, None),
        (None, 13, None),
        (1, 0, None),
        (None, None, date(2027, 1, 1)),
    ):
        with pytest.raises(Refused):
            period_of(YEAR, *wrong)
    for code in ("", "2026", "2026-Q5", "2026-13", "2026-02-30", "0000-Q1", "2026-Q1-01"):
        with pytest.raises(Refused):
            period_from(code)


@given(PERIODS, st.integers(0, 20), st.frozensets(DAYS, max_size=20))
def test_the_dossier_is_due_so_many_working_days_before(due: Period, days: int, off: frozenset[date]) -> None:
    calendar = Calendar(off=off)
    found = submit_by(due, days, calendar)
    assert found <= due.last
    assert not days or is_working(found, calendar)
    assert days == -working_days_between(due.last, found, calendar)


@given(PERIODS, DAYS, st.none() | DAYS, st.booleans(), st.booleans(), st.booleans())
def test_what_is_withdrawn_is_not_late_and_what_was_done_in_time_stays_so(
    due: Period, today: date, done: date | None, withdrawn: bool, under_way: bool, prepared: bool
) -> None:
    course = Course(last=due.last, withdrawn=withdrawn, done=done, under_way=under_way, prepared=prepared)
    found = standing(course, today, ORDINARY)
    judged = done or today
    assert (found.late > 0) == (not withdrawn and judged > due.last)
    assert (found.state is EntryState.WITHDRAWN) == withdrawn
    assert (found.state is EntryState.DONE) == (done is not None and not withdrawn)


STANDINGS = st.builds(Standing, st.sampled_from(EntryState), st.integers(0, 9), st.booleans())


@given(st.lists(STANDINGS))
def test_the_figures_add_up(entries: list[Standing]) -> None:
    entries = [
        Standing(one.state, 0, one.moved) if one.state is EntryState.WITHDRAWN else one for one in entries
    ]
    found = figures(entries)
    assert found.all == len(entries)
    assert found.overdue <= found.open
    assert found.late + found.overdue == sum(one.late > 0 for one in entries)
    assert found.moved == sum(one.moved for one in entries)


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=60).map(
    lambda text: " ".join(text.split())
)
PLAIN = WORDS.filter(lambda text: not text.startswith("'"))
NAMES = PLAIN.map(lambda text: text.replace(";", ",").strip()).filter(bool)
ROWS = st.builds(
    Row, title=PLAIN.filter(bool), period=PERIODS, form=st.sampled_from(Form), agency=PLAIN,
    cooperating=st.lists(NAMES, max_size=3, unique=True).map(tuple), supervisor=PLAIN, submit_by=st.none() | DAYS,
    basis=PLAIN, note=PLAIN,
)  # fmt: skip


@given(st.lists(ROWS, min_size=1, max_size=5), st.sampled_from(("vi", "en")))
def test_a_file_says_again_what_was_written(rows: list[Row], language: str) -> None:
    content = written(rows, language)
    assert content.startswith(b"\xef\xbb\xbf")
    assert read(content, YEAR) == list(enumerate(rows, 2))


@given(PERIODS)
def test_times_are_read_as_they_are_written(due: Period) -> None:
    for language in ("vi", "en"):
        text = f"Nội dung,Thời gian\nBáo cáo,{period_text(due, language)}\n"
        assert read(text.encode(), YEAR)[0][1].period == due


def test_a_file_from_a_spreadsheet_is_understood() -> None:
    text = (
        "STT;Thời gian;Nội dung;Cơ quan phối hợp;Hình thức;Lạ\r\n"
        '1;quý iii/2026;"Đề án ""A"" ; B";"Sở Y tế; Sở Tài chính; ";Lấy ý kiến bằng văn bản;bỏ qua\r\n'
        ";;;;;\r\n"
        "2;Tháng 7/2026;'=Báo cáo;;;\r\n"
    )
    (first, second) = read(text.encode("utf-8-sig"), YEAR)
    assert first == (
        2,
        Row(
            title='Đề án "A" ; B', period=Period(YEAR, quarter=3), form=Form.CONSULTATION,
            cooperating=("Sở Y tế", "Sở Tài chính"),
        ),
    )  # fmt: skip
    assert second == (4, Row(title="=Báo cáo", period=Period(YEAR, month=7)))
    assert b"'=B" in written([second[1]], "vi"), "no spreadsheet takes it for a formula"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Báo cáo,13/2026,Họp,", "programme-row-time"),
        ("Báo cáo,03/2027,Họp,", "programme-row-time"),
        ("Báo cáo,sang năm,Họp,", "programme-row-time"),
        ("Báo cáo,31/02/2026,Họp,", "programme-row-time"),
        (",03/2026,Họp,", "programme-row-title"),
        (f"{'a' * 501},03/2026,Họp,", "programme-row-title"),
        ("Báo cáo,03/2026,Nhảy múa,", "programme-row-form"),
        (f"Báo cáo,03/2026,Họp,{'a' * 501}", "programme-row-text"),
    ],
)
def test_a_refusal_names_the_row(line: str, code: str) -> None:
    text = f"Nội dung,Thời gian,Hình thức,Ghi chú\nTốt,01/2026,,\n{line}\n"
    with pytest.raises(Refused) as caught:
        read(text.encode(), YEAR)
    assert (caught.value.code, caught.value.facts["row"]) == (code, 3)
    assert "3" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"A,B\n1,2\n", "Nội dung,Thời gian\n,\n".encode()])
def test_what_is_no_programme_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read(content, YEAR)
    assert caught.value.code == "programme-file"


def test_the_columns_have_names_of_their_own() -> None:
    names = [name.casefold() for pair in COLUMNS.values() for name in pair]
    assert len(names) == len(set(names))
