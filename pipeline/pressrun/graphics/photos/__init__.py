"""Pictures as files: how they come in, what they say of themselves, how they go out."""
