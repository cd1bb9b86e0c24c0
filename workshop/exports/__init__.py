"""A document rendered for people: Markdown and HTML. Each module has render(document)."""
