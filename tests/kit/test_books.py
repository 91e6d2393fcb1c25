"""What every book of the record kit does, tried on a real store: one suite over all books of `books.py`."""

import re
from collections.abc import Callable
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Operator, Role, Seat
from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.core.texts import LANGUAGES, in_chinese, use_language
from fuyuan_desk.kit.book import BookQuery, Known, text_of
from fuyuan_desk.kit.list_sheet import list_sheet
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.db.codes import codes_of
from fuyuan_desk.store.db.personal import of_column
from tests.kit.books import BOOKS, BookCase, set_up

ORDER = ExportOrder("核对", "街道办")
every_book = pytest.mark.parametrize("case", BOOKS, ids=lambda case: case.name)


@pytest.fixture
def office(seat: Seat) -> Seat:
    """An office with an estate to which the records belong."""
    set_up(seat)
    return seat


def save_all(office: Seat, case: BookCase) -> list[Any]:
    """Save the records in reverse order and return what is read back, in their natural order."""
    saved = [case.uses.save(office, record, None, ()) for record in reversed(case.records(office))]
    return [case.uses.read(office, one.id) for one in reversed(saved)]


def listed(office: Seat, case: BookCase, **query: Any) -> list[int]:
    """Return the ids of the records that a query finds, in order."""
    return [line.id for line in case.uses.find(office, BookQuery(**query), 0, 200).rows]


# --- the declaration


@every_book
def test_parts_fields_and_columns_agree(case: BookCase) -> None:
    book, columns = case.book(), case.table.model.__table__.columns
    typed = {part.name for part in book.fields if part.in_form}
    assert typed == {field.name for field in fields_of(case.table.fields)}
    assert typed <= set(columns.keys())
    assert {part.name for part in book.fields if not part.in_form} == set(case.table.extras)
    assert {part.name for part in book.fields if part.kind == "reference"} == set(case.table.references)
    assert set(case.table.columns) <= set(columns.keys())
    assert book.kind.table == case.table.model.__tablename__
    for part in book.fields:
        if part.shown is not None and part.shown.by:
            assert part.shown.by in columns
        if part.in_form and part.kind in ("text", "code"):
            assert part.most == columns[part.name].type.length, part.name


@every_book
def test_what_the_column_says_is_personal_is_masked(case: BookCase) -> None:
    columns = case.table.model.__table__.columns
    for part in case.book().fields:
        declared = of_column(columns[part.name]) if part.name in columns else None
        is_free_text = declared is not None and part.kind == "lines"
        assert (part.mask is not None) == (declared is not None and not is_free_text), part.name


@every_book
def test_a_choice_offers_the_codes_of_its_column(case: BookCase) -> None:
    columns = case.table.model.__table__.columns
    for part in case.book().fields:
        codes = codes_of(columns[part.name]) if part.name in columns else None
        if codes is not None and part.kind == "choice":
            offered = [(member.value, codes.label(member)) for member in codes.enum]
            assert list(part.choices) == offered, part.name


@every_book
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_mnemonics_of_the_form_are_unique(case: BookCase, language: str) -> None:
    use_language(language)
    labels = [part.label for part in case.book().fields if part.in_form] + [case.book().words.add]
    found = [match.group(1).upper() for label in labels if (match := re.search(r"&(\w)", label))]
    taken_by_the_pane = {"zh_CN": "SYR", "en": "SYR"}[language]
    assert len({*found, *taken_by_the_pane}) == len(found) + len(taken_by_the_pane), sorted(found)


# --- reading and saving


@every_book
def test_a_record_is_read_back_as_saved(case: BookCase, office: Seat) -> None:
    for line, record in zip(save_all(office, case), case.records(office), strict=True):
        masked = {part.name for part in case.book().fields if part.mask is not None}
        for field in fields_of(record):
            if field.name not in masked:
                assert getattr(line.fields, field.name) == getattr(record, field.name), field.name
        assert all(text_of(part, line) != "" for part in case.book().fields if part.required)


@every_book
def test_texts_are_stripped_and_a_number_without_bounds_is_refused(case: BookCase, office: Seat) -> None:
    name, value = case.changed
    record = replace(case.records(office)[0], **{name: f"  {value}　"})
    saved = case.uses.save(office, record, None, ())
    assert getattr(case.uses.read(office, saved.id).fields, name) == value


@every_book
def test_what_is_missing_or_too_long_is_refused_beside_its_field(case: BookCase, office: Seat) -> None:
    good = case.records(office)[0]
    for part in case.book().fields:
        empty: Any = "" if isinstance(getattr(good, part.name, None), str) else None
        wrong = [empty] if part.required else []
        wrong += ["𠮷" * (part.most + 1)] if part.most else []
        for value in wrong:
            with pytest.raises(InvalidInput) as refusal:
                case.uses.save(office, replace(good, **{part.name: value}), None, ())
            assert part.name in refusal.value.fields, part.name
    assert listed(office, case) == []


@every_book
def test_a_longest_text_is_kept_whole(case: BookCase, office: Seat) -> None:
    part = case.book().part(case.text)
    text = "字𠮷" * (part.most // 2)
    saved = case.uses.save(office, replace(case.records(office)[0], **{case.text: text}), None, ())
    assert getattr(case.uses.read(office, saved.id).fields, case.text) == text


@every_book
def test_a_change_by_somebody_else_meanwhile_is_not_overwritten(case: BookCase, office: Seat) -> None:
    line = save_all(office, case)[0]
    name, value = case.changed
    changed = replace(case.records(office)[0], **{name: value})
    case.uses.save(office, changed, line.known, ())
    with pytest.raises(Conflict):
        case.uses.save(office, replace(changed, **{name: "别的"}), line.known, ())
    assert getattr(case.uses.read(office, line.id).fields, name) == value


@every_book
def test_the_same_record_is_not_saved_twice(case: BookCase, office: Seat) -> None:
    records = case.records(office)
    case.uses.save(office, records[0], None, ())
    for rule in case.table.unique()[:1]:  # a rule after it is broken alone by other records
        with pytest.raises(InvalidInput) as refusal:
            case.uses.save(office, records[0], None, ())
        assert refusal.value.fields == {rule.parts[0]: rule.message}


@every_book
def test_a_removed_record_is_gone_everywhere(case: BookCase, office: Seat) -> None:
    line = save_all(office, case)[0]
    assert case.uses.remove is not None
    assert case.uses.remove(office, line.id) == case.book().name(case.records(office)[0])
    assert line.id not in listed(office, case)
    for typed in (text for text, place in case.found_by.items() if place == 0):
        assert listed(office, case, text=typed) == []
    with pytest.raises(NotFound):
        case.uses.read(office, line.id)
    with pytest.raises(NotFound):
        case.uses.save(office, case.records(office)[0], Known(line.id, 1), ())


# --- list, filter, order


@every_book
def test_the_list_sorts_naturally_both_ways(case: BookCase, office: Seat) -> None:
    ids = [line.id for line in save_all(office, case)]
    assert listed(office, case, sort=case.order) == ids
    assert listed(office, case, sort=case.order, descending=True) == ids[::-1]


@every_book
def test_every_column_sorts_and_every_filter_filters(case: BookCase, office: Seat) -> None:
    lines = save_all(office, case)
    for part in case.book().fields:
        if part.shown is not None and part.shown.sort:
            both = [listed(office, case, sort=part.name, descending=down) for down in (False, True)]
            assert sorted(both[0]) == sorted(both[1]) == sorted(line.id for line in lines)
        if part.filter == "value":
            for value in {getattr(line.fields, part.name) for line in lines} - {None}:
                expected = [line.id for line in lines if getattr(line.fields, part.name) == value]
                assert sorted(listed(office, case, facets={part.name: value})) == sorted(expected)
        if part.filter in ("period", "due"):
            whole = (date(1900, 1, 1), date(2999, 1, 1))
            dated = [line.id for line in lines if getattr(line.fields, part.name) is not None]
            assert sorted(listed(office, case, facets={part.name: whole})) == sorted(dated)
            assert sorted(listed(office, case, facets={part.name: (None, None)})) == sorted(dated)


@every_book
def test_typed_text_finds_by_characters_pinyin_and_ends(case: BookCase, office: Seat) -> None:
    ids = [line.id for line in save_all(office, case)]
    for text, place in case.found_by.items():
        assert listed(office, case, text=text) == [ids[place]], text
    assert listed(office, case, text="查无此项") == []


@every_book
def test_a_choice_is_found_in_every_language_whatever_the_screen_speaks(case: BookCase, office: Seat) -> None:
    lines = save_all(office, case)
    for language in LANGUAGES:
        use_language(language)
        for part in (part for part in case.book().fields if part.kind == "choice" and part.find):
            word = text_of(part, lines[0])
            same = [line.id for line in lines if text_of(part, line) == word]
            use_language("en" if language == "zh_CN" else "zh_CN")
            assert sorted(listed(office, case, text=word)) == sorted(same), word


@every_book
def test_texts_that_are_sorted_naturally_are_so_both_ways_and_empty_ones_come_last(
    case: BookCase, office: Seat
) -> None:
    lines = save_all(office, case)
    natural = [part for part in case.book().fields if part.shown is not None and part.shown.naturally]
    for part in natural:
        for line, text in zip(lines, ("10F 东", "", "9F 东"), strict=True):
            case.uses.save(office, replace(line.fields, **{part.name: text}), line.known, ())
        tenth, empty, ninth = (line.id for line in lines)
        assert listed(office, case, sort=part.name) == [ninth, tenth, empty]
        assert listed(office, case, sort=part.name, descending=True) == [tenth, ninth, empty]


@every_book
def test_a_number_is_the_same_in_any_width_and_with_blanks(case: BookCase, office: Seat) -> None:
    codes = [part.name for part in case.book().fields if part.kind == "code"]
    for name in codes:
        record = replace(case.records(office)[0], **{name: " １０ Ａ\u200b-\u3000b "})
        saved = case.uses.save(office, record, None, ())
        assert getattr(case.uses.read(office, saved.id).fields, name) == "10A-b"
        assert case.uses.remove is not None
        case.uses.remove(office, saved.id)


@every_book
def test_a_window_is_a_part_of_the_whole(case: BookCase, office: Seat) -> None:
    save_all(office, case)
    sorts = [part.name for part in case.book().fields if part.shown is not None and part.shown.sort]
    for query in (BookQuery(sort=sort, descending=down) for sort in sorts for down in (False, True)):
        whole = case.uses.find(
            office, query, 0, -1
        )  # rows are read as they are sorted, those of a window after it
        for place, line in enumerate(whole.rows):
            window = case.uses.find(office, query, place, 1)
            assert (window.total, window.rows) == (whole.total, (line,)), query


# --- several at once


@every_book
def test_several_records_are_changed_together_or_not_at_all(case: BookCase, office: Seat) -> None:
    if case.many is None or case.uses.change_many is None:
        pytest.skip("this book changes one record at a time")
    lines = save_all(office, case)
    name, value = case.many
    known = [line.known for line in lines]
    assert case.uses.change_many(office, known, {name: value}, Progress()) == len(lines)
    assert {getattr(case.uses.read(office, line.id).fields, name) for line in lines} == {value}
    with pytest.raises(Conflict):  # all were read before
        case.uses.change_many(office, [Known(known[0].id, 2), known[1]], {name: value}, Progress())
    assert getattr(case.uses.read(office, lines[0].id).fields, name) == value
    not_for_many = next(part.name for part in case.book().fields if not part.for_many)
    with pytest.raises(InvalidInput):
        case.uses.change_many(office, known, {not_for_many: 1}, Progress())


# --- history, export, paper


@every_book
def test_a_change_of_several_counts_and_is_cancelled_with_nothing_half_done(
    case: BookCase, office: Seat
) -> None:
    if case.many is None or case.uses.change_many is None:
        pytest.skip("this book changes one record at a time")
    first = case.records(office)[0]
    part = case.telling
    known = []
    for number in range(250):  # more than are changed between two reports
        saved = case.uses.save(office, replace(first, **{part: f"{number}-9"}), None, ())
        known.append(Known(saved.id, saved.version))
    name, new = case.many
    counts: list[tuple[int, int]] = []

    def report(done: int, total: int, _what: str) -> None:
        counts.append((done, total))
        if done and len(counts) < 4:
            progress.cancel()

    progress = Progress(report)
    with pytest.raises(Cancelled):
        case.uses.change_many(office, known, {name: new}, progress)
    assert counts == [(0, 250), (100, 250)]
    assert all(getattr(case.uses.read(office, one.id).fields, name) != new for one in known)
    assert case.uses.history is not None
    assert len(case.uses.history(office, known[0].id)) == 1, "only that it was added"
    counts.clear()
    assert (
        case.uses.change_many(office, known, {name: new}, Progress(lambda *step: counts.append(step[:2])))
        == 250
    )
    assert counts[-1] == (250, 250)
    assert all(getattr(case.uses.read(office, one.id).fields, name) == new for one in known)


@every_book
def test_what_was_changed_in_several_is_found_by_its_new_words(case: BookCase, office: Seat) -> None:
    if case.many is None or case.uses.change_many is None:
        pytest.skip("this book changes one record at a time")
    name, new = case.many
    if not case.book().part(name).find:
        pytest.skip("nothing is found by this part")
    lines = save_all(office, case)
    case.uses.change_many(office, [line.known for line in lines[:2]], {name: new}, Progress())
    assert sorted(listed(office, case, text=new)) == sorted(line.id for line in lines[:2])


@every_book
def test_the_history_names_what_changed_and_nobody_but_staff_reads_it(
    case: BookCase, office: Seat, seat_as: Callable[[Role], Seat]
) -> None:
    line = save_all(office, case)[0]
    name, value = case.changed
    case.uses.save(office, replace(case.records(office)[0], **{name: value}), line.known, ())
    assert case.uses.history is not None
    newest, *_others, first = case.uses.history(office, line.id)
    [change] = newest.changes
    assert (change.field, change.new) == (name, value)
    assert (newest.operator, newest.action) == ("管理员", "Record changed")
    ids = {field: str(getattr(line.fields, field)) for field in case.table.references}
    shown = {change.field: change.new for change in first.changes if change.field in ids}
    assert all(shown[field] == line.names[field] != ids[field] for field in shown)
    with pytest.raises(NotAllowed):
        case.uses.history(seat_as(Role.PROPERTY), line.id)


@every_book
def test_an_export_states_its_purpose_and_holds_the_filtered_list(case: BookCase, office: Seat) -> None:
    lines = save_all(office, case)
    assert case.uses.export is not None
    text = next(iter(case.found_by))
    made = case.uses.export(office, ORDER, BookQuery(text=text))
    assert [line.id for line in made.rows] == [lines[case.found_by[text]].id]
    assert made.stamp.purpose == "核对"
    with pytest.raises(InvalidInput):
        case.uses.export(office, ExportOrder(), BookQuery())
    if any(part.mask is not None for part in case.book().fields):
        with pytest.raises(SecondNeeded):
            case.uses.export(office, replace(ORDER, unmasked=True), BookQuery())


@every_book
def test_a_printed_list_of_one_estate_names_it_once_and_breaks_no_word(case: BookCase, office: Seat) -> None:
    from pypdfium2 import PdfDocument

    if not case.of_estate:
        pytest.skip("these records belong to no estate")
    save_all(office, case)
    part = case.telling
    saved = case.uses.save(office, replace(case.records(office)[0], **{part: "FUYUAN-2026-000123"}), None, ())
    assert case.uses.paper is not None
    whole = case.uses.paper(office, BookQuery())
    of_one = case.uses.paper(office, BookQuery(facets={"estate_id": 1}))
    with in_chinese():
        estate = case.book().part("estate_id")
    assert {title for title, *_rest in whole.columns} - {title for title, *_rest in of_one.columns} == (
        {estate.name_shown} if estate.shown is not None else set()
    )
    assert len(of_one.rows) == len(whole.rows)
    assert (estate.name_shown, "南昌路168弄") in of_one.chosen
    text = PdfDocument(BytesIO(list_sheet(of_one).pdf))[0].get_textpage().get_text_range()
    assert "FUYUAN-2026-000123" in text
    assert saved.id in listed(office, case)


@every_book
def test_a_printed_list_is_chinese_whatever_the_screen_speaks_and_is_audited(
    case: BookCase, office: Seat
) -> None:
    from pypdfium2 import PdfDocument

    save_all(office, case)
    assert case.uses.paper is not None
    use_language("en")
    paper = case.uses.paper(office, BookQuery(text=next(iter(case.found_by))))
    text = PdfDocument(BytesIO(list_sheet(paper).pdf))[0].get_textpage().get_text_range()
    use_language("zh_CN")
    book = case.book()
    assert f"{book.title}清单" in text
    assert "筛选：关键词＝" in text
    assert "共1条" in text
    titles = [part.name_shown for part in book.fields if part.shown is not None and part.shown.at_first]
    assert [title for title, _width, _right in paper.columns] == titles
    assert "第1页/共1页" in text
    with office.store.use() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "print")).one()
        assert entry.table_name == book.kind.table


@every_book
def test_an_empty_list_says_so_on_paper(case: BookCase, office: Seat) -> None:
    from pypdfium2 import PdfDocument

    assert case.uses.paper is not None
    pdf = list_sheet(case.uses.paper(office, BookQuery())).pdf
    text = PdfDocument(BytesIO(pdf))[0].get_textpage().get_text_range()
    assert "没有符合条件的记录" in text
    assert "0条" not in text


# --- roles


@every_book
def test_a_property_company_sees_and_counts_its_own_estate_only(
    case: BookCase, office: Seat, seat_as: Callable[[Role], Seat]
) -> None:
    save_all(office, case)
    company = seat_as(Role.PROPERTY)
    if not case.open_to_company:
        with pytest.raises(NotAllowed):
            case.uses.find(company, BookQuery(), 0, 200)
        return

    def of(*estates: int) -> Seat:
        known = company.operator
        own = Operator(known.id, known.login, known.name, known.role, frozenset(estates))
        return Seat(office.store, own, now=office.now)

    assert len(listed(of(1), case)) == len(case.records(office))
    assert listed(of(2), case) == []
    with pytest.raises(NotAllowed):
        case.uses.save(of(1), case.records(office)[0], None, ())
