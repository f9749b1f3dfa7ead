"""Comments and member checks on any object. Generic: it knows none of the things it speaks about."""
