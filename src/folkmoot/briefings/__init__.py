"""Numbered editions with frozen figures, the evidence against beside the evidence for, and their limits."""
