"""PDFs written object by object, and pages of many that become one."""
