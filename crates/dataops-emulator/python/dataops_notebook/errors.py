"""Errors that notebooks see, under the names that the service gives them.

On a cluster most of them are Java exceptions, so code that handles them looks for the Java class in the text. The
text of each of these errors therefore starts with that class.
"""


class ServiceError(Exception):
    """An error of the service, shown as `java.class.Name: reason`."""

    java_class = "com.databricks.backend.common.rpc.DatabricksExceptions"

    def __str__(self):
        return f"{self.java_class}: {super().__str__()}"


def _named(java_class):
    module, _, name = java_class.rpartition(".")
    return type(name, (ServiceError,), {"__module__": module, "java_class": java_class})


InputWidgetNotDefined = _named("com.databricks.dbutils_v1.InputWidgetNotDefined")
IllegalArgument = _named("java.lang.IllegalArgumentException")
FileNotFound = _named("java.io.FileNotFoundException")
InputOutput = _named("java.io.IOException")
FileAlreadyExists = _named("org.apache.hadoop.fs.FileAlreadyExistsException")
UnknownHost = _named("java.net.UnknownHostException")
AzureFailure = _named("shaded.databricks.org.apache.hadoop.fs.azure.AzureException")
Remote = _named("java.rmi.RemoteException")
WorkflowFailure = _named("com.databricks.WorkflowException")
SecretMissing = _named("java.lang.IllegalArgumentException")


class UnsupportedCell(Exception):
    """A cell that cannot run here, such as one in Scala."""


class CommandFailed(Exception):
    """A `%pip` line or a `%sh -e` cell that ended with a status other than zero."""


class NotebookExit(BaseException):
    """Ends the notebook as a success. Not an `Exception`, so that `except Exception` lets it pass."""

    def __init__(self, value):
        super().__init__(value)
        self.value = value


class PythonRestart(BaseException):
    """Asks for a new Python process that carries on with the next cell."""


def text_of(error):
    """The last line that Python prints for an error, without the class twice."""
    kind = type(error)
    qualified = kind.__qualname__
    if kind.__module__ not in ("builtins", "__main__"):
        qualified = f"{kind.__module__}.{qualified}"
    try:
        text = str(error)
    except Exception:
        text = "<exception str() failed>"
    if not text:
        return qualified
    return text if text.startswith(f"{qualified}: ") else f"{qualified}: {text}"
