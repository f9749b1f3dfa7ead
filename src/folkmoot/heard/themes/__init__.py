"""Themes suggested from words and earlier codings, on this machine alone. A person decides."""
