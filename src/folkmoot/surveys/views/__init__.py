"""Pages of indicators, surveys, series and reach."""
