"""What each plate of a press file prints: its pages drawn once for each ink, as gray, with overprint as the file has
it."""
