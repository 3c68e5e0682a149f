"""The operators, one file each; `register` lists them."""
