"""What several of the desk’s rooms share: folders they make, cells, teaching notes."""
