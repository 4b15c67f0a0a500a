"""Pages of the notifier, one file for each thing."""
