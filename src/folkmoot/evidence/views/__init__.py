"""Pages of evidence: studies, marks, appraisals, findings, clues."""
