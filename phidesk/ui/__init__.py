"""Panes, widgets and the theme."""
