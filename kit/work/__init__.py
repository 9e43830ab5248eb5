"""What a student makes, and the file in which it is kept."""
