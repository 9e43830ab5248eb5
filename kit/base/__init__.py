"""What every room of the kit stands on: errors, words, files and pages."""
