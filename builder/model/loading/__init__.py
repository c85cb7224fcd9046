"""Loads the model that the settings ask for: by name, or from files and folders."""
