"""Who did what, when: the event log, the declarations of privacy and the frame of every action."""
