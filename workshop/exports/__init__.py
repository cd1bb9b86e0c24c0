"""A document rendered for people: Markdown and HTML. Each module has render(document) and knows nothing of workshops."""
