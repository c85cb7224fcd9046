"""Turns a Keras image classifier into an app that classifies in the browser, offline."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("classifier-pwa")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0+unknown"
