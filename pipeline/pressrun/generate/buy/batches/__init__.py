"""The batch lane: batches written down, handed in, found again and collected once."""
