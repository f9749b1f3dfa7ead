"""What a design could see before it is run: power, smallest visible effect, how many are needed.

What does not belong here: estimating an effect from data in hand (``core.effects``), costs and worth.
"""
