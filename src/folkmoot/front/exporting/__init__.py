"""What the front pages hand out as files."""
