"""A log that only grows: whoever keeps one old checkpoint can tell whether anything before it was changed.

`merkle` is the tree of RFC 6962, `note` the signed checkpoint, `tiles` the files that a log is published as. All of it
is plain arithmetic over bytes; who writes entries, and where tiles lie, is decided above.
"""
