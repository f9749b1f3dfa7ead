"""The pages that bring several rooms together. Nothing is stored or worked out here."""
