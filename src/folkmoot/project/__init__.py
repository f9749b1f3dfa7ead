"""Settings, addresses, server entry points and the command line."""
