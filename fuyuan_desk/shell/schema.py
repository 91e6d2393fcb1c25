"""Imports every job's tables so that the metadata is whole."""

import importlib

from fuyuan_desk.shell.jobs import JOBS
from fuyuan_desk.store.db.base import Base

for _module in (module for job in JOBS for module in job.tables):
    importlib.import_module(_module)

metadata = Base.metadata
