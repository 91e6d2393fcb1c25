"""The page of contracts, and their tab in an estate."""

from fuyuan_desk.contracts.book import book
from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.service import contracts as service
from fuyuan_desk.estates.service import page_data as estates
from fuyuan_desk.kit.book_page import BookPage, Uses
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.organisations.service.organisations import organisation_options
from fuyuan_desk.widgets.split import Settings

USES = Uses(
    service.find_contracts,
    service.read_contract,
    service.save_contract,
    remove=service.remove_contract,
    history=service.contract_history,
    export=service.contracts_for_export,
    paper=service.contracts_for_print,
    options={"estate_id": estates.estate_options, "organisation_id": organisation_options},
    tables=frozenset({"estate", "organisation"}),
)


def contracts_page(
    desk: Desk, settings: Settings | None, *, in_estate: bool = False
) -> BookPage[ContractFields]:
    """Return the page of all contracts, or of those of one estate."""
    return BookPage(desk, book(), ContractFields, USES, settings, in_estate=in_estate)
