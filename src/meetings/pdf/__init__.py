"""Documents: bytes in, bytes out. Nothing here knows a database, a page or a person's rights."""
