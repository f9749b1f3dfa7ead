"""What the front pages show: read from every room below, laid out, nothing written."""
