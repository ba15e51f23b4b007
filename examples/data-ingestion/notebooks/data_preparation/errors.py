"""The one error of this package."""


class DataError(ValueError):
    """The data cannot be used. The message says where and why, for whoever delivered the file."""
