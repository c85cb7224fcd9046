"""A Chromium on this machine: found, installed, and used to check and measure built sites."""
