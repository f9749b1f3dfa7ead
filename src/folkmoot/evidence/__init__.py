"""Studies factor by factor, appraisals, qualitative findings, and the standing of assumptions."""
