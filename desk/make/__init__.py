"""What an instructor has made to read or print: the edition with answers, the packet."""
