"""The actions under fire on organisations, their contacts and roles, and on contracts."""

from datetime import date

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.service import contracts
from fuyuan_desk.estates.facts.houses import RoleFields
from fuyuan_desk.estates.service import roles
from fuyuan_desk.kit.book import BookQuery, Known
from fuyuan_desk.organisations.facts import ContactFields, OrganisationFields
from fuyuan_desk.organisations.service import contacts, merging, organisations
from tests.fire.hand import Hand, Prepare, nothing, on

ORDER = ExportOrder("核对", "街道办事处")


def _organisation_fields(hand: Hand) -> OrganisationFields:
    return OrganisationFields(f"福元{hand.fresh()}物业有限公司", "property", phone=hand.phone())


def _organisation(hand: Hand) -> Known:
    saved = organisations.save_organisation(hand.seat, _organisation_fields(hand))
    return Known(saved.id, saved.version)


def _two_organisations(hand: Hand) -> tuple[Known, Known]:
    kept, other = _organisation(hand), _organisation(hand)
    roles.save_role(hand.seat, RoleFields("property", other.id, estate_id=hand.estate()))
    return kept, other


def _merged(hand: Hand) -> int:
    kept, other = _two_organisations(hand)
    merging.merge(hand.seat, (kept, other))
    return other.id


def _apart(hand: Hand) -> tuple[int, int]:
    first, second = _organisation(hand).id, _organisation(hand).id
    merging.tell_apart(hand.seat, first, second)
    return first, second


def _contact_fields(hand: Hand) -> ContactFields:
    return ContactFields(_organisation(hand).id, hand.name(), "经理", hand.phone())


def _contact(hand: Hand) -> int:
    return contacts.save_contact(hand.seat, _contact_fields(hand)).id


def _role_fields(hand: Hand) -> RoleFields:
    return RoleFields("property", _organisation(hand).id, note=hand.fresh(), estate_id=hand.estate())


def _contract_fields(hand: Hand) -> ContractFields:
    return ContractFields(
        "property", hand.fresh(), hand.estate(), _organisation(hand).id, starts_on=date(2026, 1, 1),
        ends_on=date(2028, 12, 31),
    )  # fmt: skip


ORGANISATIONS: dict[str, Prepare] = {
    "new organisation": on(_organisation_fields, organisations.save_organisation),
    "changed organisations": on(
        _organisation,
        lambda seat, known: organisations.change_organisations(seat, [known], {"kind": "other"}),
    ),
    "removed organisation": on(lambda hand: _organisation(hand).id, organisations.remove_organisation),
    "exported organisations": on(
        nothing, lambda seat, _none: organisations.organisations_for_export(seat, ORDER, BookQuery())
    ),
    "printed organisations": on(
        nothing, lambda seat, _none: organisations.organisations_for_print(seat, BookQuery())
    ),
    "merged organisations": on(_two_organisations, lambda seat, two: merging.merge(seat, two, ["name"])),
    "split organisation": on(_merged, merging.split),
    "told apart": on(_two_organisations, lambda seat, two: merging.tell_apart(seat, two[0].id, two[1].id)),
    "suspected again": on(_apart, lambda seat, two: merging.suspect_again(seat, *two)),
    "new contact": on(_contact_fields, contacts.save_contact),
    "removed contact": on(_contact, contacts.remove_contact),
    "revealed contact": on(_contact, lambda seat, key: contacts.reveal_contact(seat, key, "phone")),
    "exported contacts": on(
        nothing, lambda seat, _none: contacts.contacts_for_export(seat, ORDER, BookQuery())
    ),
    "printed contacts": on(nothing, lambda seat, _none: contacts.contacts_for_print(seat, BookQuery())),
    "new role": on(_role_fields, roles.save_role),
    "removed role": on(lambda hand: roles.save_role(hand.seat, _role_fields(hand)).id, roles.remove_role),
    "exported roles": on(nothing, lambda seat, _none: roles.roles_for_export(seat, ORDER, BookQuery())),
    "printed roles": on(nothing, lambda seat, _none: roles.roles_for_print(seat, BookQuery())),
    "new contract": on(_contract_fields, contracts.save_contract),
    "removed contract": on(
        lambda hand: contracts.save_contract(hand.seat, _contract_fields(hand)).id, contracts.remove_contract
    ),
    "exported contracts": on(
        nothing, lambda seat, _none: contracts.contracts_for_export(seat, ORDER, BookQuery())
    ),
    "printed contracts": on(nothing, lambda seat, _none: contracts.contracts_for_print(seat, BookQuery())),
}
