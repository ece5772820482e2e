"""Font files: what they cover, what they are called, how they are cut for Typst."""
