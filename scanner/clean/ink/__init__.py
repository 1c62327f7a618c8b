"""What stands on a page and how it is kept: paper, light, tone, marks, fields, faint and pale ink."""
