"""What a draft states of itself, beside the input of its form."""

SAVED_AT = "_kept_at"
RESTORE = "_put_back"
"""The input is restored without asking when its form is opened."""
VERSION = "_version"
"""The version of the record on which the input is based."""
