"""An article of an instructor's own, with exercises that can be computed."""
