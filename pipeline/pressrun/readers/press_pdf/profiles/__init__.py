"""Profiles of what a printer takes: one YAML file each, and `profile`, which reads them and a user's own."""
