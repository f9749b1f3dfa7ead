"""What pages and rooms above read of plans, requests, runs and findings."""
