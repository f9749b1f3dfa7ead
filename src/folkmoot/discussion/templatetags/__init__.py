"""The tag that shows a discussion under any object."""
