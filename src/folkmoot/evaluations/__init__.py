"""Plans of evaluations, their data, runs and findings: could this study see it, and what did it find?

What does not belong here: the statistics (``core``), what a finding does to a standing (``evidence``), the
measures and answers themselves (``surveys``).
"""
