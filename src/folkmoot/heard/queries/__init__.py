"""Every read of this room. Pages, the API and exports take what they show from here."""
