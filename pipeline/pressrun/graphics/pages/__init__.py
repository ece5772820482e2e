"""The content of PDF pages: written from segments, placed from other documents, read as operators."""
