"""What a plan passes through before its pictures are made."""
