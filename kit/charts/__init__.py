"""Charts that say what they show: a picture with its finding, its numbers and its description."""
