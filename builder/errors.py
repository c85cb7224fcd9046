"""Errors that the user can put right: a message of a sentence or two, exit status 1, no traceback.

Every message names the value, where it came from, and what to do about it.
"""

import unicodedata

import click


class BuilderError(click.ClickException):
    """Base of all errors that are the user's to put right."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        """Set the message; names in it may come from untrusted files."""
        super().__init__(visible(message))


def visible(text: str) -> str:
    """Return a text in which characters that would steer a terminal, or cannot be encoded, are
    written as escapes."""
    return "".join(
        f"\\x{ord(char):02x}"
        if unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t"
        else char
        for char in text
    )


class ConfigError(BuilderError):
    """A setting, in the config file or on the command line, cannot be used."""


class ModelError(BuilderError):
    """A model or its weights are not available, or cannot be read or converted."""


class ParityError(ModelError):
    """The converted model does not answer as the Keras model does."""


class LabelsError(BuilderError):
    """Class names are missing, unreadable, or of the wrong number."""


class PhotosError(BuilderError):
    """A folder of photos, or a photo in it, cannot be used."""


class TemplateError(BuilderError):
    """A template of the user's is missing something or does not render."""


class OutputError(BuilderError):
    """The output folder cannot be written or is not ours to replace."""


class MissingPackageError(BuilderError):
    """A package is not installed that only some verbs use."""


class BrowserError(BuilderError):
    """No usable browser was found, or it failed while measuring."""
