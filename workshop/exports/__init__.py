"""A document or tables as a file for people: each module has render(…); forms.py says which one is for what."""

# here and not in forms.py, because the command line names them without loading what makes them
FORMATS = ("pdf", "docx", "pptx", "html", "md", "xlsx", "csv", "pictures", "ics", "actions", "story", "json",
           "sqlite")  # fmt: skip
