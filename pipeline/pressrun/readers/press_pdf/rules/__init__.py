"""What a printer would send a file back for, rule by rule: `rule` says what one is, the other files are one subject
each, and `every` knows them all."""
