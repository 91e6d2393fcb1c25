"""The overview of an estate: its facts, edited in place."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.facts.houses import EstateDetail, EstateFields
from fuyuan_desk.estates.rules.checks import estate_doubts
from fuyuan_desk.estates.rules.housing import HeritageClass, HistoricArea, HouseKind, Tenure
from fuyuan_desk.estates.view.fields import estate_fields, named
from fuyuan_desk.kit.form_pane import FormPane
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.labels import Card, Fact, Facts, label
from fuyuan_desk.widgets.parsing import show_hundredths
from fuyuan_desk.widgets.room import Stack, scrolled

_FLAGS = (
    ("preserved_block", N_("Block or road under preservation")),
    ("retained_building", N_("Retained historic building")),
    ("cultural_relic", N_("Cultural relic")),
)


def protection_text(fields: EstateFields) -> list[str]:
    """Return an estate's kinds of protection as texts."""
    texts = []
    if fields.heritage_class == HeritageClass.LISTED:
        texts.append(_("Outstanding historic building, class not known"))
    elif fields.heritage_class:
        listed = _("Outstanding historic building, {kind}")
        texts.append(listed.format(kind=named(HeritageClass, fields.heritage_class)))
    if fields.historic_area not in ("", HistoricArea.NONE):
        texts.append(named(HistoricArea, fields.historic_area))
    return texts + [_(text) for name, text in _FLAGS if getattr(fields, name)]


def protection_chip(fields: EstateFields) -> Chip | None:
    """Return a chip that says how an estate is protected, or that this is not recorded; None: it is not."""
    texts = protection_text(fields)
    if texts:
        is_open = fields.heritage_class == HeritageClass.LISTED
        return Chip(_("; ").join(texts), "warn" if is_open else "neutral", "shield")
    is_known = fields.heritage_class is not None and fields.historic_area
    return None if is_known else Chip(_("Protection not recorded"), "warn", "info")


def _part_known(known: int, of: int) -> str:
    """Return for how many of all a sum is known, '' if for all or none."""
    return _("known for {known} of {all}").format(known=f"{known:,}", all=f"{of:,}") if 0 < known < of else ""


class _Figure(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.value = label("—", "title")
        self.part = label("", "hint", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.value)
        column.addWidget(label(name, "hint"))
        column.addWidget(self.part)
        column.addStretch(1)

    def show_number(self, text: str, part: str = "") -> None:
        """Show a figure, '' for an unknown one, and for how many it is known if not for all."""
        self.value.setText(text or "—")
        self.value.setToolTip("" if text else _("Not recorded"))
        self.part.setText(part)
        self.part.setVisible(bool(part))


class OverviewView(Stack):
    """Shows the facts, or the form in their place."""

    edit_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.edit_button = button(_("&Edit"), self.edit_requested.emit, picture="edit", shortcut="F2")
        self._figures = {
            "buildings": _Figure(_("buildings")),
            "units": _Figure(_("homes and other units")),
            "households": _Figure(_("households")),
            "people": _Figure(_("people")),
            "vacant": _Figure(_("vacant")),
            "area": _Figure(_("built area, ㎡")),
        }
        self.basics = Facts(2)
        self.protection = Facts(2)
        self.remarks = label("", wrap=True, selectable=True)
        self._remarks_card = Card(_("Remarks"))
        self._remarks_card.body.addWidget(self.remarks)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(12)
        column.addWidget(self._figure_card())
        column.addWidget(_card(_("Facts"), self.basics, self.edit_button))
        column.addWidget(_card(_("Protection"), self.protection))
        column.addWidget(self._remarks_card)
        column.addStretch(1)
        self._facts = scrolled(inner)
        self.pane = FormPane(estate_fields(()))
        self.pane.form.changed.connect(self._show_doubts)
        self.addWidget(self._facts)
        self.addWidget(self.pane)

    def _show_doubts(self) -> None:
        form = self.pane.form
        doubts = estate_doubts(EstateFields(heritage_class=form.editor("heritage_class").value()))
        form.show_doubt("heritage_class", doubts.get("heritage_class", ""))

    def _figure_card(self) -> Card:
        card = Card()
        row = Flow()
        row.setSpacing(24)
        for figure in self._figures.values():
            row.add(figure, grows=True)
        card.body.addLayout(row)
        return card

    def show_estate(self, detail: EstateDetail) -> None:
        """Show an estate's facts."""
        fields = detail.fields
        for name in ("buildings", "units", "households"):
            count = getattr(detail, name)
            self._figures[name].show_number("" if count is None else f"{count:,}")
        people = "" if detail.people is None else f"{detail.people:,}"
        self._figures["people"].show_number(people, _part_known(detail.people_known, detail.households or 0))
        # that a home is empty is only marked, never asked: none marked is not none
        self._figures["vacant"].show_number(f"{detail.vacant:,}" if detail.vacant else "")
        area = "" if detail.area is None else show_hundredths(detail.area, grouped=True)
        self._figures["area"].show_number(area, _part_known(detail.area_known, detail.units))
        self.basics.set_rows(
            [
                Fact(_("Address"), fields.address or fields.name),
                Fact(_("Kind of houses"), named(HouseKind, fields.house_kind)),
                Fact(_("Street"), fields.street),
                Fact(_("Tenure"), _(", ").join(named(Tenure, tenure) for tenure in fields.tenures)),
                Fact(_("Residents' committee"), fields.committee),
                Fact(_("Built in"), str(fields.built_year or "")),
                Fact(_("Property company"), fields.property_company),
                Fact(_("Hours without noisy work"), fields.quiet_hours or _("As required by law")),
            ]
        )
        flags = [_(text) for name, text in _FLAGS if getattr(fields, name)]
        self.protection.set_rows(
            [
                Fact(
                    _("Outstanding historic building"), _recorded(named(HeritageClass, fields.heritage_class))
                ),
                Fact(_("Historic area"), _recorded(named(HistoricArea, fields.historic_area))),
                Fact(_("Also"), _(", ").join(flags)),
            ]
        )
        self.remarks.setText(fields.remarks)
        self._remarks_card.setVisible(bool(fields.remarks))

    def edit(self, on: bool, field: str = "") -> None:
        """Show the form, with the focus in `field` or the first one, or the facts again."""
        self.setCurrentWidget(self.pane if on else self._facts)
        if on:
            self.pane.form.focus_first(field)
        else:
            self.edit_button.setFocus()

    @property
    def is_editing(self) -> bool:
        """Whether the form is open."""
        return self.currentWidget() is self.pane

    def set_writable(self, on: bool) -> None:
        """Show or hide editing."""
        self.edit_button.setVisible(on)


def _recorded(text: str) -> str:
    return text or _("Not recorded")


def _card(title: str, content: QWidget, *actions: QWidget) -> Card:
    card = Card(title, actions)
    card.body.addWidget(content)
    return card
