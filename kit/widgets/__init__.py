"""What a notebook shows: the labeller, the static page of the article, and panels of buttons."""
