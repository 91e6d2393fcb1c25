"""The step that keeps the place of a visit: filled where it is sure which one is meant, and the trail agrees."""

from pathlib import Path

from sqlalchemy import select

from fuyuan_desk.audit.service.records import check_records
from fuyuan_desk.estates.records import Building
from fuyuan_desk.facilities.records import Facility
from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet, Visit
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.store import layout
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db.engine import open_engine
from fuyuan_desk.store.keys import keyring
from tests.store import old_stores

LABEL = "UPDATE building SET label = ?, version = version + 1 WHERE id = ?"
# past the trail, as are the places that this test invents
CHANGED = (
    ("UPDATE printed_sheet SET visit_id = 3, state = 'entered' WHERE id = 12", ()),
    ("UPDATE unit SET entrance = '前门' WHERE id = (SELECT MIN(id) FROM unit WHERE building_id = 4)", ()),
    ("UPDATE printed_sheet SET place = '4号甲前门' WHERE id = 4", ()),
    ("UPDATE printed_sheet SET place = '5号后门' WHERE id = 6", ()),
    ("UPDATE planned_round SET place = '灭火器 M-01' WHERE outcome = 'open'", ()),
    (LABEL, ("3号楼", 3)),
)


def test_a_place_has_its_key_where_it_is_sure_which_one_is_meant(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    old_stores.unpack("0027", folder)
    key = keyring.open_with_password(keyring.read(folder), "admin", old_stores.PASSWORD)
    engine = open_engine(folder / layout.DATABASE, key)
    with engine.begin() as connection:
        connection.exec_driver_sql(LABEL, ("2号楼", 2))
        renamed = {"label": ["2号", "2号楼"]}
        uid = connection.exec_driver_sql("SELECT uid FROM building WHERE id = 2").scalar()
        audit.append_to(connection, "admin", [audit.Event("update", "building", 2, uid, renamed)])
        untold = sum(connection.exec_driver_sql(query, values).rowcount for query, values in CHANGED)
    engine.dispose()
    all_records()
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    with seat.store.sessions() as session:
        uids = dict(session.execute(select(Building.id, Building.uid)).all())
        sheets = dict(session.execute(select(PrintedSheet.id, PrintedSheet.place_key)).all())
        assert {key: sheets[key] for key in (1, 2, 3, 4, 6, 12, 13)} == {
            1: uids[1],
            2: uids[2],  # the trail knows what it was called
            3: "",
            4: f"{uids[4]}/g:前门",
            6: "",  # there is no such gate
            12: uids[12],
            13: "",  # of a whole estate
        }
        visit = session.get_one(Visit, 3)
        assert (visit.place, visit.place_key) == ("14号", uids[12])
        assert session.get_one(Visit, 1).place == ""
        canister = session.scalars(select(Facility.uid).where(Facility.number == "M-01")).one()
        assert set(session.scalars(select(PlannedRound.place_key).where(PlannedRound.outcome == "open"))) == {
            f"f:{canister}"
        }
    assert len(check_records(seat).faults) == untold
    seat.store.close()
