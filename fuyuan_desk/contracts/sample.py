"""The contracts of the sample office."""

from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.service.contracts import save_contract
from fuyuan_desk.kit.job import SampleOffice


def fill(office: SampleOffice) -> None:
    """Save all sample contracts."""
    for row in office.data["contracts"]:
        save_contract(office.seat, office.fields(ContractFields, row))
