"""Documents and transcripts: import, speakers, consent, redaction, passages, search, withdrawal."""
