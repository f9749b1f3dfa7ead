"""Files of places, outlines and counts, read without a database; what is stored of them, ``actions`` says."""
