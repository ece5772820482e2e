"""What people make of pictures that exist: decisions, finals, forks, masters retouched by hand, branches."""
