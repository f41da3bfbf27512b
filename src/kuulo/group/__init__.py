"""GROUP: put what residents say into themes, one named step a file; pure values in, pure values out."""
