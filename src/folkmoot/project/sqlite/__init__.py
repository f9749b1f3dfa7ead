"""The database backend of an instance on SQLite; named in the settings as ``folkmoot.project.sqlite``."""
