"""A class: what is handed out, what comes back, where it disagrees, what it is worth."""
