"""The integrity portal: settings, addresses and the shell around every page."""

__version__ = "0.1.0"
