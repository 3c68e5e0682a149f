"""A space of networks, exactly: how many fit, which they are, the front, a sample."""
