"""What pictures and shapes are painted on, and what lies under live layers."""
