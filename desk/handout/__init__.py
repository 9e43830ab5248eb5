"""What a class is handed: an assignment goes in, a folder that students can work in comes out."""
