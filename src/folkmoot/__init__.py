"""Folkmoot: the evidence platform for police-community engagement."""

__version__ = "0.1.0"
