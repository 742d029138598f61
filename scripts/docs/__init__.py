"""Programs for the documentation: its site, tables, pictures and links."""
