"""The record kinds of this job."""

from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.core.texts import N_

VISIT = Kind("visit", "visit", 70, N_("Visits"), "inspection")
SHEET = Kind("sheet", "printed_sheet", 75, N_("Printed sheets"), "print")
CHECKLIST = Kind("checklist", "checklist_version", 96, N_("Checklists"), "list")
ROUND = Kind("planned_round", "planned_round", 73, N_("Rounds"), "calendar")
ROUND_PLAN = Kind("round_plan", "round_plan", 74, N_("Plans of rounds"), "calendar")
