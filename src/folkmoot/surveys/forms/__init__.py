"""Forms of indicators, surveys and series. What may be written is ``actions``; these only ask."""
