"""What a class hands in: files of every kind go in, marks, agreement and a report come out."""
