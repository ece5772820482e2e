"""What networks see in pictures. Their weights come from packages or from a file of one's own, never from a network."""
