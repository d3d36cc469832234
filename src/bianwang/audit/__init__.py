"""The auditor: reads a report and says which of its figures cannot all be true.

Pure: text in, figures, relations and findings out; no Django, no clock, no files of its own. Start with
`auditor.audit`; `readers.read` makes a `Document` of a file's bytes.
"""
