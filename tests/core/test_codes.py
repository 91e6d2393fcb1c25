"""Codes declared together with their names."""

from fuyuan_desk.core.codes import Code, label_of, name_of
from fuyuan_desk.core.texts import N_, use_language


class Colour(Code):
    """Two codes, of which the texts exist in the catalogue."""

    YES = "yes", N_("Yes")
    NO = "no", N_("No")


def test_a_code_is_its_stored_value_and_has_a_name() -> None:
    assert Colour.YES == "yes"
    assert f"{Colour.YES}" == "yes"
    assert [code.value for code in Colour] == ["yes", "no"]
    assert Colour("no") is Colour.NO
    assert label_of(Colour.NO) == "No"


def test_the_name_is_that_of_the_language_when_it_is_shown() -> None:
    use_language("zh_CN")
    assert Colour.YES.label == "是"
    use_language("en")
    assert Colour.YES.label == "Yes"


def test_a_code_that_this_version_does_not_know_is_shown_as_stored() -> None:
    assert name_of(Colour, "yes") == "Yes"
    assert name_of(Colour, "perhaps") == "perhaps"
