"""Coverage and false alarms by simulation: run as ``python -m bench.calibrate [PART…]``."""
