"""The complete table metadata: imports the tables of every job."""

from fuyuan_desk.kit.job import load_tables
from fuyuan_desk.shell.jobs import JOBS
from fuyuan_desk.store.db.base import Base

load_tables(JOBS)

metadata = Base.metadata
