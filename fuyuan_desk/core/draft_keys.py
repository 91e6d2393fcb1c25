"""What a draft states of itself, beside the input of its form."""

SAVED_AT = "_kept_at"
RESTORE = "_put_back"
"""The input is restored without asking when its form is opened."""
FIELD = "_field"
"""The name of the field in which the operator was when the desk was locked."""
VERSION = "_version"
"""The version of the record on which the input is based."""
