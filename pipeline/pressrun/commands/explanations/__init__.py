"""What `pressrun explain` knows: finding codes, from the table in ``codes/``, and the keys of what people write."""
