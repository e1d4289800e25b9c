"""What has to be there before the product can start. Standard library only: nothing is installed yet."""
