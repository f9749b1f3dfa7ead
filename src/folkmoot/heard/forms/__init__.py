"""Forms of this room. A form checks the shape of an answer; who may and what is refused, actions say."""
