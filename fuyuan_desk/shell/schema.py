"""The complete table metadata: imports the tables of every job."""

import importlib

from fuyuan_desk.shell.jobs import JOBS
from fuyuan_desk.store.db.base import Base

for _module in (module for job in JOBS for module in job.tables):
    importlib.import_module(_module)

metadata = Base.metadata
