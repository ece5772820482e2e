"""A worker's side of a run: sheets, documents and pieces made on a bench."""
