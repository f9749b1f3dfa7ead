"""Files read before anything is stored: answers of people, and published series. No database here."""
