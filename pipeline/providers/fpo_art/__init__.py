"""Stand-in scenes drawn from a brief: a set with a ground to stand on, a light, a season and room for copy."""
