"""What pages and rooms above read of indicators, surveys and series."""
