"""What the command says: progress while it works, and the sum of it at the end."""
