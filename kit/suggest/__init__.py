"""The kit's rules as a third reader: suggestions that are good enough to argue with."""
