"""A table that is loaded after something was read about it is masked like any other."""

from sqlalchemy import Column, Integer, String, Table

from fuyuan_desk.kit.trail.wording import columns_of
from fuyuan_desk.store.db.base import Base


def test_the_columns_of_a_table_are_known_once_it_is_loaded() -> None:
    assert columns_of("late_table") == {}
    table = Table(
        "late_table", Base.metadata, Column("id", Integer, primary_key=True), Column("head", String)
    )
    try:
        assert set(columns_of("late_table")) == {"id", "head"}
    finally:
        Base.metadata.remove(table)
