"""A text and what can be said of it before anybody labels it."""
