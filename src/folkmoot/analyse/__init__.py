"""``folkmoot analyse``: the command line over core. Plain files in, JSON out; no database, no Django."""
