"""What people say of pictures and files once they have seen them: which are meant, and what is decided about them."""
