"""The documentation: its site, its tables, its pictures, its links."""
