"""Forms and views of the instructor's notebooks."""
