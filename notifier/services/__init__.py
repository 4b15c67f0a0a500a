"""What the notifier does: pages, REST and the worker call these."""
