"""Every write of this room. Each action is imported from the module that is named after its task."""
