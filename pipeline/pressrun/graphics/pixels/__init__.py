"""Pixels as numbers: strips of large pictures, JPEG and PNG as they are written, filters, noise."""
