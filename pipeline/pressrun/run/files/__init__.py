"""Files that rows name: read, judged and stored once."""
