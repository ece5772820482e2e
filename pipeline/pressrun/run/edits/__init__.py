"""What people ask for between runs that needs a plan to be answered."""
