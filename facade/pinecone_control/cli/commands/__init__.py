"""The commands: a module for each noun, loaded when it is used."""
