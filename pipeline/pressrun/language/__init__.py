"""Words with blanks: Jinja fenced in, what a template sees, numbers and dates of a locale, safe file names."""
