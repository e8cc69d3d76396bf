"""The editor: a modal text editor in the terminal that holds a session and nothing below it."""
