"""Errors that the user can put right: told in a sentence or two, exit status 1, no traceback.

Every message names the value, where it came from, and what to do about it.
"""

import click


class BuilderError(click.ClickException):
    """Base of all errors that are the user's to put right."""

    exit_code = 1


class ConfigError(BuilderError):
    """A setting, in the config file or on the command line, cannot be used."""


class ModelError(BuilderError):
    """A model or its weights cannot be had, read, or converted."""


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


class BrowserError(BuilderError):
    """No usable browser was found, or it failed while measuring."""
