"""Labels on a text: the codebook that allows them, and codings that hold them."""
