"""Estimates from samples of people: designs, weights, and the errors that follow from how people were chosen.

What does not belong here: comparing those who had something with those who had not (core.effects),
pooling several studies (core.synthesis), reading files.
"""
