"""A person's data as typed into a form."""

from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.formats.id_numbers import IdKind, id_doubt, id_kind_label
from fuyuan_desk.formats.person import checked_person

GOOD_ID = "31010119800101000X"
DIGITS = st.text("0123456789 -+()转#xX０１８—　", max_size=20)
PHONES = st.one_of(DIGITS, st.sampled_from(["13812345678", "62093705", "021-62093705-8", "+85291234567", ""]))
NUMBERS = st.one_of(st.text("0123456789XABCHM -", max_size=24), st.sampled_from([GOOD_ID, "E12345678", ""]))


def test_everything_is_stored_as_dialled_and_printed() -> None:
    person = checked_person(
        " 张 三", ("138 1234 5678", "", "13812345678", "62093705"), "", "310101 19800101 000x"
    )
    assert (person.name, person.phones) == ("张三", ("13812345678", "021-62093705"))
    assert (person.id_kind, person.id_number, person.doubt) == ("resident", GOOD_ID, "")
    assert person.faults == {}


def test_faults_stand_by_field_and_known_numbers_are_not_validated_again() -> None:
    person = checked_person("", ("12345", "67"), known_phones=("67",))
    assert set(person.faults) == {"name", "phones"}
    assert "12345" in person.faults["phones"]
    assert "67 " not in person.faults["phones"]
    assert (person.id_kind, person.id_number) == ("", "")


def test_a_number_of_another_kind_is_kept_with_a_doubt() -> None:
    person = checked_person("张三", id_kind=IdKind.USCC, id_number=GOOD_ID)
    assert (person.id_kind, person.id_number) == ("uscc", GOOD_ID)
    assert "Unified social credit code" in person.doubt
    assert id_doubt(person.id_kind, person.id_number) == person.doubt


def test_every_kind_of_document_has_a_label_of_its_own() -> None:
    labels = {id_kind_label(kind.value) for kind in IdKind}
    assert len(labels) == len(IdKind)
    assert id_kind_label("unknown") == "" not in labels


@given(st.text(max_size=60), st.lists(PHONES, max_size=3), st.sampled_from(["", *IdKind]), NUMBERS)
def test_checking_again_changes_nothing(name: str, phones: list[str], kind: str, number: str) -> None:
    person = checked_person(name, phones, kind, number)
    assert checked_person(person.name, person.phones, person.id_kind, person.id_number) == person
