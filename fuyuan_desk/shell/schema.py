"""Imports every job's tables so that the metadata is whole."""

from fuyuan_desk.backups import records as safety
from fuyuan_desk.estates import records as estates
from fuyuan_desk.inspections import records as inspections
from fuyuan_desk.office import records as office
from fuyuan_desk.renovation import records as renovation
from fuyuan_desk.standards import records as standards
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db import attachments
from fuyuan_desk.store.db.base import Base

JOBS = (office, estates, standards, renovation, inspections, safety, attachments, audit)
metadata = Base.metadata
