"""Column names that every later step can rely on: lower-case words joined by underscores."""

import re
import unicodedata

from data_preparation.errors import DataError


def clean_column_name(name: str) -> str:
    """Gives `annual_mileage_km` for ` Annual Mileage (km)`; empty when nothing of the name is left."""
    words = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name).casefold())
    return re.sub(r"_+", "_", words).strip("_")


def clean_column_names(names: list[str]) -> list[str]:
    """Cleans a header; two names that become one, or a name that becomes nothing, are errors."""
    cleaned: dict[str, str] = {}
    for position, name in enumerate(names, start=1):
        clean = clean_column_name(name)
        if not clean:
            raise DataError(f"line 1: column {position} has no name")
        if clean in cleaned:
            raise DataError(f"line 1: the columns {cleaned[clean]!r} and {name!r} are both named {clean!r}")
        cleaned[clean] = name
    return list(cleaned)
