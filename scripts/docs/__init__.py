"""Programs for the documentation: the site, its tables and pictures, the check of its links."""
