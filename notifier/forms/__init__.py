"""Forms of the set-up pages, over the same validators as the API."""
