"""What an observation means for the requests we keep."""
